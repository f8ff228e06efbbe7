import { h, fill } from '../page/dom.js';
import { bytes, number, shortPercent } from '../page/format.js';
import { samples } from './prometheus.js';

const interval = 5000;
const longestInterval = 60_000;

/**
 * Cache, quota and upstream, looked at every few seconds while somebody can see it, and less often while it fails.
 */
export class Health {
  /** @param {HTMLElement} chip */
  constructor(chip) {
    this.chip = chip;
    this.place = null;
    this.state = null;
    this.pause = interval;
    this.timer = 0;
    document.addEventListener('visibilitychange', () => this.schedule(document.hidden ? null : 0));
    this.schedule(0);
  }

  /** Shows all of it there. @param {HTMLElement} place */
  show(place) {
    this.place = place;
    this.draw();
  }

  schedule(delay) {
    clearTimeout(this.timer);
    if (delay !== null && !document.hidden) this.timer = setTimeout(() => this.look(), delay);
  }

  async look() {
    const before = this.state;
    try {
      const get = (path) => fetch(path, { cache: 'no-store' });
      const [ready, metrics] = await Promise.all([get('/health/ready'), get('/metrics')]);
      this.state = state(ready.ok, metrics.ok ? samples(await metrics.text()) : [], before);
      this.pause = interval;
    } catch {
      this.state = { isGone: true };
      this.pause = Math.min(longestInterval, this.pause * 2);
    }
    this.draw();
    this.schedule(this.pause);
  }

  draw() {
    if (!this.state) return;
    const { level, text } = verdict(this.state);
    this.chip.dataset.level = level;
    fill(this.chip, h('span.dot', { 'aria-hidden': 'true' }), h('span.health-text', {}, text), ...chipFacts(this.state));
    this.chip.setAttribute('aria-label', `Health: ${text}`);
    if (this.place?.isConnected) fill(this.place, panel(this.state, text, level));
  }
}

/** What the metrics say, in the page's words. */
function state(isReady, all, before) {
  const value = (name, labels = {}) => all.find((each) => each.name === `engageql_${name}`
    && Object.entries(labels).every(([key, wanted]) => each.labels[key] === wanted))?.value;
  const each = (name) => all.filter((sample) => sample.name === `engageql_${name}`);
  const results = ['hit', 'stale', 'expired', 'miss'];
  const cells = Object.fromEntries(results.map((result) => [result, value('cache_cells_total', { result }) ?? 0]));
  const outcomes = {};
  for (const { labels, value: count } of each('upstream_calls_total')) {
    outcomes[labels.outcome] = (outcomes[labels.outcome] ?? 0) + count;
  }
  return {
    isReady,
    isOpen: value('upstream_circuit_open') === 1,
    pools: each('upstream_quota_limit').map(({ labels, value: limit }) => ({
      name: labels.as === 'app' ? `${labels.account}, app` : `${labels.account}, user`,
      limit,
      remaining: value('upstream_quota_remaining', labels),
      isPaused: value('upstream_paused', labels) === 1,
    })),
    cells,
    rows: (value('cache_rows', { family: 'totals' }) ?? 0) + (value('cache_rows', { family: 'series' }) ?? 0),
    memory: value('cache_memory_bytes') ?? 0,
    file: value('cache_file_bytes') ?? 0,
    underWay: value('upstream_under_way') ?? 0,
    waiting: value('upstream_waiting') ?? 0,
    outcomes,
    failing: before?.outcomes ? failures(outcomes) > failures(before.outcomes) : false,
    tweets: value('usage_tweets', { period: 'calendarMonth' }),
  };
}

/** Calls that were answered with no numbers, but for those that are refused for good. */
const failures = (outcomes) => Object.entries(outcomes)
  .filter(([outcome]) => outcome !== 'ok' && outcome !== 'forbidden')
  .reduce((sum, [, count]) => sum + count, 0);

function verdict(state) {
  if (state.isGone) return { level: 'bad', text: 'No connection to the server' };
  if (!state.isReady) return { level: 'warn', text: 'The server is stopping' };
  if (state.isOpen) return { level: 'bad', text: 'The Engagement API fails: older numbers are served' };
  if (state.pools.some((pool) => pool.isPaused)) return { level: 'warn', text: 'Calls pause for quota or credentials' };
  if (state.failing) return { level: 'warn', text: 'Some calls fail' };
  return { level: 'good', text: 'All is well' };
}

const hits = ({ cells }) => {
  const all = cells.hit + cells.stale + cells.expired + cells.miss;
  return all ? cells.hit / all : null;
};

function chipFacts(state) {
  if (state.isGone) return [];
  const share = hits(state);
  const left = (pool) => pool.remaining / pool.limit;
  const [pool] = state.pools.filter((each) => each.remaining !== undefined).sort((one, other) => left(one) - left(other));
  return [
    share === null ? null : h('span.chip-fact', {}, `cache ${shortPercent(share)}`),
    pool ? h('span.chip-fact', {}, `quota ${number(pool.remaining)}/${number(pool.limit)}`) : null,
  ];
}

function panel(state, text, level) {
  if (state.isGone) {
    return [h('p.verdict', { dataset: { level } }, text), h('p.muted', {}, 'It is tried again every few seconds.')];
  }
  const share = hits(state);
  const { hit, stale, expired, miss } = state.cells;
  const calls = Object.entries(state.outcomes).map(([outcome, count]) => `${number(count)} ${outcome}`).join(', ');
  return [
    h('p.verdict', { dataset: { level } }, text),
    h('h3', {}, 'Quota of the minute'),
    state.pools.length ? state.pools.map(quota) : h('p.muted', {}, 'Not known before the first call.'),
    h('h3', {}, 'Cache'),
    facts([
      ['Served fresh', share === null ? '–' : shortPercent(share)],
      ['Numbers asked', number(hit + stale + expired + miss)],
      ['Fresh / stale / expired / missing', [hit, stale, expired, miss].map(number).join(' / ')],
      ['Memory', bytes(state.memory)], ['File', bytes(state.file)], ['Rows', number(state.rows)],
    ]),
    h('h3', {}, 'Engagement API'),
    facts([
      ['Calls', calls || 'none yet'],
      ['Under way', number(state.underWay)], ['Numbers waiting', number(state.waiting)],
      ['Tweets asked this month', number(state.tweets)],
    ]),
    h('p.muted', {}, 'Looked at every 5 seconds while this page can be seen.'),
  ];
}

const quota = (pool) => h('div.quota', {},
  h('span', {}, pool.name),
  h('span.numeric', {}, pool.isPaused ? 'paused' : `${number(pool.remaining)} of ${number(pool.limit)} left`),
  h('meter', {
    min: 0, max: pool.limit, low: pool.limit * 0.2, value: pool.remaining, 'aria-label': `Quota of ${pool.name}`,
  }));

const facts = (list) => h('dl.facts', {}, list.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
