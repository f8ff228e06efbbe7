import { h } from '../page/dom.js';
import { dateTime, plural } from '../page/format.js';
import { adviceFor } from './reasons.js';

/** Whether an error tells of numbers that do not exist, which asking again does not change. @param {any} error */
export const isPermanent = (error) => permanent.includes(error.extensions?.code);
const permanent = ['TWEET_UNAVAILABLE', 'TWEET_FORBIDDEN', 'TWEET_TOO_OLD'];

/**
 * Errors and warnings of an answer, each with what to do.
 *
 * @param {any} body
 * @param {(line: number, column: number) => void} goTo Shows a place in the query.
 */
export function notices(body, goTo) {
  const errors = body?.errors ?? [];
  const warnings = body?.extensions?.warnings ?? [];
  return [
    ...errors.map((error) => notice(error, isPermanent(error) ? 'warning' : 'error', goTo)),
    ...warnings.map((warning) => notice(warning, 'warning', goTo)),
  ];
}

function notice(error, severity, goTo) {
  const asOf = error.extensions?.asOf ?? error.asOf;
  const text = `${error.message ?? 'Older numbers are shown.'}${asOf ? ` They are of ${dateTime(Date.parse(asOf))}.` : ''}`;
  // What stands in the way is told at once; what merely leaves gaps, on demand.
  return severity === 'error'
    ? h('article.notice.error', { role: 'alert' }, h('p', {}, text), more(error, goTo))
    : h('details.notice.warning', {}, h('summary', {}, text), more(error, goTo));
}

function more(error, goTo) {
  const code = error.extensions?.code ?? error.code;
  const { tweetIds = [], engagementTypes = [] } = error.extensions ?? error;
  const place = error.locations?.[0];
  return [
    adviceFor(error) ? h('p.advice', {}, adviceFor(error)) : null,
    h('p.meta', {},
      code ? h('code', {}, code) : null,
      error.path ? h('span', {}, 'at ', h('code', {}, error.path.join('.'))) : null,
      engagementTypes.length ? h('span', {}, engagementTypes.join(', ')) : null,
      place ? h('button.link', { type: 'button', onclick: () => goTo(place.line, place.column) },
        `line ${place.line}, column ${place.column}`) : null),
    tweetIds.length ? h('p.ids', {}, `${plural(tweetIds.length, 'Tweet')}: ${tweetIds.slice(0, 1000).join(' ')}`) : null,
  ];
}

/** No answer at all. @param {Error} error @param {() => void} again */
export const noAnswer = (error, again) => h('article.notice.error', { role: 'alert' },
  h('p', {}, 'The server does not answer.'),
  h('p.advice', {}, 'Is it still running? Nothing of what you wrote is lost.'),
  h('p.meta', {}, h('code', {}, error.message), h('button.link', { type: 'button', onclick: again }, 'Try again')));
