import { print } from 'graphql';
import { copy, h, save } from '../page/dom.js';
import { readable } from '../language/problems.js';
import { saveRows } from './saveRows.js';
import { curl, curlEvents, eventSource, fetchSnippet, pandas, pandasCSV, savedLink, sheets } from './snippets.js';

/**
 * How to have the same numbers elsewhere.
 *
 * @param {import('../answer/view.js').Asked} asked
 * @param {any[]} saved What the server lists at `/q`.
 * @param {import('../answer/datasets.js').Dataset[]} datasets
 */
export function use(asked, saved, datasets) {
  const origin = location.origin;
  const name = savedName(asked.query, saved);
  const link = name ? savedLink(origin, name, asked.variables) : null;
  const ids = datasets[0]?.columns.filter((column) => column.kind === 'id').map((column) => column.name) ?? [];
  const roots = [...new Set(datasets.map((dataset) => dataset.root))];
  return h('div.use', {},
    h('h3', {}, 'CSV'),
    link ? linked(link) : unlinked(asked),
    datasets.length ? saveRows(asked) : null,
    snippet('curl', curl(origin, asked)),
    link ? snippet('Google Sheets', sheets(link), 'Google has to reach the address: not 127.0.0.1.') : null,
    link ? snippet('pandas', pandasCSV(link, ids)) : snippet('pandas', pandas(origin, asked, roots)),
    snippet('fetch', fetchSnippet(origin, asked)));
}

/** How to follow the same subscription elsewhere. @param {import('../answer/view.js').Asked} asked */
export const useLive = (asked) => h('div.use', {},
  snippet('curl', curlEvents(location.origin, asked), 'Each event has a response; a line with a colon alone is a sign of life.'),
  snippet('JavaScript', eventSource(location.origin, asked), 'A lost connection is made again, and nothing is told twice.'),
  h('p.muted', {}, 'A subscription has no rows to be saved. Ask ', h('code', {}, 'query { totals … }'),
    ' for a table, or have its events posted to an address of yours (webhooks).'));

/** The name of the saved query with this text, if the server has one. Space and comments do not count. */
function savedName(query, saved) {
  const normal = (text) => {
    const document = readable(text);
    return document ? print(document) : null;
  };
  const wanted = normal(query);
  return wanted && (saved.find((each) => normal(each.document) === wanted)?.name ?? null);
}

const linked = (link) => h('p.csv-link', {},
  h('a', { href: link, download: '' }, link), ' ',
  h('button', { type: 'button', onclick: () => copy(link, 'The link is copied.') }, 'Copy'));

function unlinked(asked) {
  const name = (asked.operation.name?.value ?? 'my-query').replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  return h('p', {}, 'A spreadsheet reads a link. Save the query as ', h('code', {}, `config/queries/${name}.graphql`),
    ' and start the server again: it then answers at ', h('code', {}, `/q/${name}.csv`),
    ', with its variables as parameters. ',
    h('button.link', {
      type: 'button', onclick: () => save(`${name}.graphql`, 'application/graphql', asked.query),
    }, `Save ${name}.graphql`));
}

const snippet = (title, text, remark) => h('section.snippet', { 'aria-label': title },
  h('div.dataset-head', {}, h('h3', {}, title), h('span.spread'),
    h('button', { type: 'button', 'aria-label': `Copy ${title}`, onclick: () => copy(text, 'Copied.') }, 'Copy')),
  h('pre', { tabindex: 0 }, h('code', {}, text)),
  remark ? h('p.muted', {}, remark) : null);
