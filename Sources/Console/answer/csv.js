/**
 * Rows as CSV (RFC 4180). Text that a spreadsheet would run as a formula gets an apostrophe in front, and ids are text.
 *
 * @param {import('./datasets.js').Dataset} dataset
 */
export function csv(dataset) {
  const lines = [dataset.columns.map((column) => field(column.name)), ...dataset.rows.map((row) =>
    dataset.columns.map((column) => field(row[column.name])))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function field(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
