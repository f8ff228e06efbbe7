import { guessed } from './columns.js';

/**
 * A table out of an answer. Nested objects become columns with dots; each list has a table of its own, with what stood above it.
 *
 * @typedef {{name: string, root: string, field: string, columns: import('./columns.js').Column[], rows: Record<string, any>[],
 *   isList: boolean}} Dataset
 */

/**
 * @param {any} data
 * @param {import('./columns.js').Column[]|null} columns
 * @returns {Dataset[]}
 */
export function datasets(data, columns) {
  if (data === null || typeof data !== 'object') return [];
  const all = [];
  for (const column of columns ?? guessed(data)) {
    if (column.children) collect(all, [column.key], column, [{ value: data[column.key], above: {} }], []);
  }
  return all.filter((dataset) => dataset.columns.length);
}

/** @param {Dataset[]} all */
function collect(all, path, column, holders, inherited) {
  const lists = [];
  const own = [];
  const flat = (children, prefix) => {
    for (const child of children) {
      const name = [...prefix, child.key];
      if (!child.children) own.push({ ...child, name: name.join('.'), path: name });
      else if (child.isList) lists.push({ column: child, path: name });
      else flat(child.children, name);
    }
  };
  flat(column.children, []);
  const names = new Set(own.map((each) => each.name));
  const above = inherited.filter((each) => !names.has(each.name));
  const rows = [];
  const below = lists.map(() => []);
  for (const holder of holders) {
    for (const item of [holder.value].flat()) {
      if (item === null || item === undefined) continue;
      const row = { ...holder.above };
      for (const each of own) row[each.name] = at(item, each.path);
      rows.push(row);
      lists.forEach((list, index) => below[index].push({ value: at(item, list.path), above: row }));
    }
  }
  const dataset = {
    name: path.join('.'), root: path[0], field: column.field, isList: column.isList || holders.length > 1,
    columns: [...above, ...own], rows,
  };
  // A Tweet that is asked only for its lists has nothing of its own to show.
  if (own.some((each) => each.kind !== 'id') || !lists.length) all.push(dataset);
  const keys = own.filter((each) => ['id', 'bucket', 'date', 'category', 'text'].includes(each.kind));
  lists.forEach((list, index) => collect(all, [...path, ...list.path], list.column, below[index], [...above, ...keys]));
}

const at = (value, path) => path.reduce((each, key) => each?.[key], value) ?? null;
