import { ago, dash, date, dateTime, moment, number, percent } from '../page/format.js';

/** The value of a cell as the reader writes such values. @param {any} value @param {import('./columns.js').Column} column */
export function shown(value, column) {
  if (value === null || value === undefined) return dash;
  switch (column.kind) {
    case 'number': return number(value);
    case 'ratio': return percent(value);
    case 'bucket': return dateTime(Date.parse(value), column.timeZone ?? 'UTC');
    case 'date': return date(Date.parse(value));
    case 'moment': return column.field === 'asOf' ? ago(Date.parse(value)) : dateTime(Date.parse(value));
    case 'receipt': return moment(Date.parse(value));
    case 'hour': return `${String(value).padStart(2, '0')}:00`;
    default: return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}

/** What a cell shows when it is pointed at: the value itself where it is written otherwise. */
export const exact = (value, column) =>
  ['bucket', 'moment', 'receipt', 'ratio'].includes(column.kind) && value !== null ? String(value) : null;

export const isNumeric = (column) => column.kind === 'number' || column.kind === 'ratio';

/** Rows in the order of a column; those without a value come last either way. */
export function sorted(rows, column, isDescending) {
  const sign = isDescending ? -1 : 1;
  const key = column.kind === 'id'
    ? (value) => BigInt(/^\d+$/.test(value) ? value : 0)
    : (value) => value;
  return [...rows].sort((left, right) => {
    const [a, b] = [left[column.name], right[column.name]];
    if (a === null || b === null) return (a === null) - (b === null);
    const [x, y] = [key(a), key(b)];
    return x < y ? -sign : x > y ? sign : 0;
  });
}
