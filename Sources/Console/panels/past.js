import { h, fill } from '../page/dom.js';
import { ago, dateTime } from '../page/format.js';
import { entries, forget, forgetAll } from '../request/history.js';

/** What was asked before. @param {HTMLElement} place @param {(entry: import('../request/history.js').Entry) => void} open */
export function past(place, open) {
  const all = entries();
  const again = () => past(place, open);
  if (!all.length) {
    fill(place, h('p.empty', {}, 'Nothing has been run yet. Queries are remembered here, in this browser only.'));
    return;
  }
  fill(place, h('ul.plain.history', {}, all.map((entry) => h('li', {},
    h('button.history-entry', { type: 'button', onclick: () => open(entry) },
      h('b', {}, /(?:query|mutation|subscription)\s+(\w+)/.exec(entry.query)?.[1] ?? 'Query'),
      h('span.muted', { title: dateTime(entry.at) }, ago(entry.at)),
      h('code', {}, entry.query.replace(/#.*\n/g, '').replace(/\s+/g, ' ').trim().slice(0, 140))),
    h('button.quiet', {
      type: 'button', 'aria-label': 'Forget this query', title: 'Forget',
      onclick: () => { forget(entry); again(); },
    }, '×')))),
  h('p', {}, h('button', { type: 'button', onclick: () => { forgetAll(); again(); } }, 'Forget all')),
  h('p.muted', {}, 'Kept in this browser only.'));
}
