import { h } from '../page/dom.js';
import { ago, bytes, dateTime, duration, number, plural } from '../page/format.js';

/**
 * One line: how it went, what it cost, how fresh it is.
 *
 * @param {import('../request/client.js').Reply} reply
 */
export function summary(reply) {
  const { cost, cache } = reply.body?.extensions ?? {};
  const asOf = reply.headers.get('EngageQL-As-Of');
  const age = reply.headers.get('Age');
  const facts = [
    [duration(reply.milliseconds / 1000), `The whole answer: ${bytes(new Blob([reply.text]).size)}, status ${reply.status}`],
    cost ? [costText(cost), 'Calls of the Engagement API that this answer waited for'] : null,
    asOf ? [`oldest number ${ago(Date.parse(asOf))}`, `Fetched ${dateTime(Date.parse(asOf))}`] : null,
    cache?.some((entry) => entry.asOf) ? [lifeText(cache), 'Until the first number is past its time'] : null,
    age ? [`kept ${duration(Number(age))} by a cache on the way`, `Age: ${age}`] : null,
  ];
  return facts.filter(Boolean).map(([text, title]) => h('span.fact', { title }, text));
}

const costText = (cost) => cost.calls.length
  ? `${plural(cost.calls.length, 'call')} for ${plural(cost.tweets, 'Tweet')}`
  : cost.joined ? 'waited for a call of others' : cost.cells.missing ? 'no calls were made' : 'from the cache, no calls';

function lifeText(cache) {
  const least = Math.min(...cache.filter((entry) => entry.asOf).map((entry) => entry.ttl ?? Infinity));
  if (!Number.isFinite(least)) return 'does not go stale';
  return least > 0 ? `fresh for ${duration(least)}` : `stale for ${duration(-least)}, being refreshed`;
}

/** Everything that the server tells of cost and freshness. @param {import('../request/client.js').Reply} reply */
export function details(reply) {
  const { cost, cache } = reply.body?.extensions ?? {};
  const headers = ['Cache-Status', 'Cache-Control', 'EngageQL-As-Of', 'Age', 'ETag', 'Content-Type']
    .map((name) => [name, reply.headers.get(name)]).filter(([, value]) => value);
  return h('div.details', {},
    h('h3', {}, 'What it cost'),
    cost ? costDetails(cost) : h('p.empty', {}, 'The server told nothing of it.'),
    h('h3', {}, 'How fresh each part is'),
    cache?.length ? freshness(cache) : h('p.empty', {}, 'The server told nothing of it.'),
    h('h3', {}, 'What the response said to caches'),
    table(['Header', 'Value'], headers.map(([name, value]) => [h('code', {}, name), h('code', {}, value)])));
}

function costDetails(cost) {
  return [
    h('p', {}, cost.calls.length
      ? `The answer waited for ${plural(cost.calls.length, 'call')} that named ${plural(cost.tweets, 'Tweet')}.`
      : 'The answer waited for no call of its own.',
    cost.joined ? ` ${plural(cost.joined, 'wait')} for calls that others had under way.` : ''),
    cellsLine(cost.cells),
    cost.calls.length ? table(['Endpoint', 'As', 'Tweets', 'Metrics', 'Window', 'Outcome'], cost.calls.map((call) => [
      call.endpoint, call.as === 'app' ? 'the app' : `account ${call.account}`, number(call.tweets),
      call.request?.engagement_types?.join(', ') ?? '', window(call.request),
      call.attempts > 1 ? `${call.outcome}, after ${plural(call.attempts, 'attempt')}` : call.outcome,
    ])) : null,
  ];
}

const utc = (text) => dateTime(Date.parse(text), 'UTC');
const window = (request) => request?.start ? `${utc(request.start)} to ${utc(request.end)} UTC` : '';

const freshnessHeads = ['Field', 'Numbers', 'Fresh', 'Stale', 'Fetched now', 'Oldest number', 'Holds'];
const freshness = (cache) => table(freshnessHeads, cache.map((entry) => [
  h('code', {}, entry.path.join('.')),
  number(Object.values(entry.cells).reduce((sum, count) => sum + count, 0)),
  number(entry.cells.fresh), number(entry.cells.stale), number(entry.cells.missing + entry.cells.expired),
  entry.asOf ? h('span', { title: dateTime(Date.parse(entry.asOf)) }, ago(Date.parse(entry.asOf))) : '–',
  entry.ttl === undefined || entry.ttl === null ? 'for good' : entry.ttl > 0 ? duration(entry.ttl) : 'past its time',
]));

function cellsLine(cells) {
  const known = [['fresh', cells.fresh], ['stale', cells.stale], ['expired', cells.expired], ['missing', cells.missing]];
  const counts = known.map(([name, count]) => `${number(count)} ${name}`).join(', ');
  return h('p.muted', {}, `Numbers, as the cache had them: ${counts}.`);
}

const table = (heads, rows) => h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': heads.join(', ') },
  h('table', {},
    h('thead', {}, h('tr', {}, heads.map((head) => h('th', { scope: 'col' }, head)))),
    h('tbody', {}, rows.map((row) => h('tr', {}, row.map((cell) => h('td', {}, cell)))))));
