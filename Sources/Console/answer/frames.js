/**
 * What can be drawn: series of points over one axis, for each measure.
 *
 * `axis`: `time` (x in milliseconds), `age` (x in milliseconds since the series began), `hour`, `category`, or `none` for single
 * numbers. `hasGains`: what came since the first event can be drawn in place of the numbers themselves.
 *
 * @typedef {{label: string, rows: {x: any, values: Record<string, number|null>}[]}} Series
 * @typedef {{name: string, axis: string, xName: string, timeZone: string, isDaily: boolean, isLive: boolean, hasGains: boolean, measures: import('./columns.js').Column[],
 *   series: Series[], isComparison: boolean, total: number}} Frame
 */

/**
 * @param {import('./datasets.js').Dataset[]} datasets
 * @returns {Frame[]}
 */
export function frames(datasets) {
  const groups = new Map();
  for (const dataset of datasets) {
    const shape = shapeOf(dataset);
    if (!shape.measures.length || !dataset.rows.length) continue;
    // The same question under several aliases is a comparison.
    const names = (columns) => columns.map((column) => column.name);
    const below = dataset.name.split('.').slice(1);
    const key = JSON.stringify([dataset.field, below, shape.axis, shape.x?.name, names(shape.parts), names(shape.measures)]);
    groups.set(key, [...groups.get(key) ?? [], { dataset, shape }]);
  }
  return [...groups.values()].map(frame);
}

function shapeOf(dataset) {
  const distinct = (column) => new Set(dataset.rows.map((row) => row[column.name]).filter((value) => value !== null)).size;
  const measures = dataset.columns.filter((column) => column.kind === 'number' || column.kind === 'ratio')
    .filter((column) => dataset.rows.some((row) => row[column.name] !== null));
  // Events are drawn over the time at which they came, from the first one on.
  const receipt = dataset.columns.find((column) => column.kind === 'receipt');
  const time = receipt ?? dataset.columns.filter((column) => (column.kind === 'date' || column.field === 'start') && distinct(column) > 1)
    .sort((left, right) => (left.kind === 'date') - (right.kind === 'date')).at(-1);
  const hour = dataset.columns.find((column) => column.kind === 'hour' && distinct(column) > 1);
  const parts = dataset.columns.filter((column) => ['id', 'category'].includes(column.kind) && distinct(column) > 1);
  if (time) return { axis: 'time', x: time, parts, measures };
  if (hour) return { axis: 'hour', x: hour, parts, measures };
  if (parts.length) return { axis: 'category', x: parts[0], parts: parts.slice(1), measures };
  if (dataset.rows.length > 1) return { axis: 'category', x: null, parts: [], measures };
  return { axis: 'none', x: null, parts: [], measures };
}

/** @returns {Frame} */
function frame(members) {
  const { dataset, shape } = members[0];
  const isComparison = members.length > 1;
  const series = members.flatMap((member) => seriesOf(member, isComparison));
  const result = {
    name: isComparison ? members.map((member) => member.dataset.name).join(' / ') : dataset.name,
    axis: shape.axis,
    xName: shape.x?.name ?? '',
    timeZone: zone(shape.x),
    isDaily: shape.x?.kind === 'date',
    isLive: shape.x?.kind === 'receipt',
    hasGains: shape.x?.kind === 'receipt' && dataset.isList,
    measures: shape.measures,
    series,
    isComparison,
    total: dataset.rows.length,
  };
  return isComparison && shape.axis === 'time' && areApart(series) ? aligned(result) : result;
}

/** Days are those of UTC, and receipts those of the reader's clock. */
function zone(x) {
  if (x?.kind === 'receipt') return Intl.DateTimeFormat().resolvedOptions().timeZone;
  return x?.kind === 'date' ? 'UTC' : x?.timeZone ?? 'UTC';
}

function seriesOf({ dataset, shape }, isComparison) {
  const all = new Map();
  dataset.rows.forEach((row, index) => {
    const parts = shape.parts.map((part) => row[part.name] ?? '–');
    const label = [...isComparison ? [dataset.name] : [], ...parts].join(' · ') || dataset.name;
    const series = all.get(label) ?? { label, rows: [] };
    all.set(label, series);
    const raw = shape.x ? row[shape.x.name] : index + 1;
    if (shape.axis === 'time' && raw === null) return;
    series.rows.push({
      x: shape.axis === 'time' ? Date.parse(raw) : raw ?? '–',
      values: Object.fromEntries(shape.measures.map((measure) => [measure.name, row[measure.name]])),
    });
  });
  if (shape.axis === 'time') for (const series of all.values()) series.rows.sort((left, right) => left.x - right.x);
  return [...all.values()];
}

/** What came on top of the first number of each series. @param {Frame} frame @returns {Frame} */
export const gains = (frame) => ({ ...frame, series: frame.series.map((series) => ({ ...series, rows: gained(series, frame.measures) })) });

function gained({ rows }, measures) {
  const first = Object.fromEntries(measures.map(({ name }) => [name, rows.find((row) => row.values[name] !== null)?.values[name] ?? null]));
  const gain = (row, name) => row.values[name] === null ? null : row.values[name] - first[name];
  return rows.map((row) => ({ ...row, values: Object.fromEntries(measures.map(({ name }) => [name, gain(row, name)])) }));
}

/** Whether no two series share a moment: then only their courses can be compared. */
function areApart(series) {
  const spans = series.filter((each) => each.rows.length).map((each) => [each.rows[0].x, each.rows.at(-1).x])
    .sort((left, right) => left[0] - right[0]);
  return spans.length > 1 && spans.every((span, index) => index === 0 || span[0] > spans[index - 1][1]);
}

const aligned = (frame) => ({
  ...frame,
  axis: 'age',
  series: frame.series.map((each) => ({ ...each, rows: each.rows.map((row) => ({ ...row, x: row.x - each.rows[0].x })) })),
});
