import { h, fill, toast } from '../page/dom.js';
import { dash, number, plural, words } from '../page/format.js';
import { exact, isNumeric, shown, sorted } from './cells.js';
import { reason } from './reasons.js';

const pageSize = 200;

/**
 * A table that sorts by its heads.
 *
 * @param {import('./datasets.js').Dataset} first
 * @param {any[]} errors
 * @returns {{element: HTMLElement, renew: (dataset: import('./datasets.js').Dataset) => void}} `renew` puts other rows in their place,
 *   of the same columns, in the order that the reader chose.
 */
export function tableView(first, errors) {
  let dataset = first;
  let order = null;
  let isDescending = true;
  let limit = pageSize;
  const body = h('tbody');
  const count = h('span.muted');
  const more = h('button', { type: 'button', onclick: () => { limit += pageSize * 5; draw(); } });
  const heads = dataset.columns.map((column) => h('th', { scope: 'col', class: isNumeric(column) ? 'numeric' : null },
    h('button', { type: 'button', title: column.about || column.name, onclick: () => sort(column) },
      title(column), h('span.sort', { 'aria-hidden': 'true' }))));

  function sort(column) {
    isDescending = order === column ? !isDescending : isNumeric(column);
    order = column;
    draw();
  }

  function draw() {
    heads.forEach((head, index) => {
      const isOrder = dataset.columns[index] === order;
      if (isOrder) head.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    const rows = order ? sorted(dataset.rows, order, isDescending) : dataset.rows;
    fill(body, rows.slice(0, limit).map((row) => h('tr', {}, dataset.columns.map((column) => cell(row, column)))));
    more.hidden = rows.length <= limit;
    more.textContent = `Show more of ${number(rows.length)} rows`;
    count.textContent = plural(rows.length, 'row');
  }

  function cell(row, column) {
    const value = row[column.name];
    const isMissing = value === null || value === undefined;
    const why = isMissing ? reason(errors, dataset, row, column) : null;
    const classes = [isNumeric(column) && 'numeric', column.kind === 'id' && 'id', isMissing && 'missing'].filter(Boolean);
    // Fingers cannot point at a thing without touching it.
    const onclick = isMissing && (() => toast(why));
    return h(['td', ...classes].join('.'), { title: why ?? exact(value, column), onclick }, isMissing
      ? [h('span', { 'aria-hidden': 'true' }, dash), h('span.visually-hidden', {}, `unknown: ${why}`)]
      : shown(value, column));
  }

  draw();
  const element = h('section.dataset', { 'aria-label': dataset.name },
    h('div.dataset-head', {}, h('h3', {}, dataset.name), count),
    dataset.rows.length
      ? h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': `${dataset.name}, table` },
        h('table', {}, h('thead', {}, h('tr', {}, heads)), body))
      : h('p.empty', {}, 'No rows.'),
    more);
  const renew = (other) => {
    dataset = other;
    draw();
  };
  return { element, renew };
}

function title(column) {
  const name = column.name.split('.').map(words).join(' · ');
  return column.kind === 'bucket' ? `${name} (${column.timeZone ?? 'UTC'})` : name;
}
