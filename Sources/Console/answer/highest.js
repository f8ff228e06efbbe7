import { number } from '../page/format.js';

// More than these nobody can tell apart.
const mostSeries = 12;
const mostBars = 25;

/**
 * The series that reach highest, in their order.
 *
 * @param {import('./frames.js').Series[]} series
 * @param {import('./columns.js').Column} measure
 */
export function highestSeries(series, measure) {
  if (series.length <= mostSeries) return series;
  const peak = (each) => each.rows.reduce((most, row) => Math.max(most, row.values[measure.name] ?? -1), -1);
  const ranked = series.map((each) => ({ each, peak: peak(each) })).sort((left, right) => right.peak - left.peak);
  const kept = new Set(ranked.slice(0, mostSeries).map(({ each }) => each));
  return series.filter((each) => kept.has(each));
}

/** The categories with the highest numbers, highest first. @param {import('./frames.js').Frame} frame */
export const highestCategories = (frame, measure) => ranked(frame, measure).slice(0, mostBars);

function ranked(frame, measure) {
  const best = new Map();
  for (const { x, values } of frame.series.flatMap((series) => series.rows)) {
    const value = values[measure.name];
    if (value !== null && value >= (best.get(x) ?? 0)) best.set(x, value);
  }
  return [...best].sort((left, right) => right[1] - left[1]).map(([x]) => x);
}

/** What is not drawn, in a sentence, or nothing. @param {import('./frames.js').Frame} frame */
export function leftOut(frame, measure) {
  const parts = [];
  if (frame.series.length > mostSeries) parts.push(`the ${mostSeries} highest of ${number(frame.series.length)} series`);
  const bars = frame.axis === 'category' ? ranked(frame, measure).length : 0;
  if (bars > mostBars) parts.push(`the ${mostBars} highest of ${number(bars)} bars`);
  return parts.length ? `Drawn are ${parts.join(' and ')}. The table has all.` : '';
}
