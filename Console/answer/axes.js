import { clock, date, day, dateTime } from '../page/format.js';

const hour = 3_600_000;
const steps = [hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, 24 * hour, 48 * hour, 7 * 24 * hour, 14 * 24 * hour, 28 * 24 * hour, 91 * 24 * hour, 364 * 24 * hour];

/** The minutes by which a zone is ahead of UTC at a moment. */
function offset(time, timeZone) {
  try {
    const parts = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).formatToParts(time);
    const value = (type) => Number(parts.find((part) => part.type === type)?.value);
    return Date.UTC(value('year'), value('month') - 1, value('day'), value('hour') % 24, value('minute'), value('second')) - Math.floor(time / 1000) * 1000;
  } catch {
    return 0;
  }
}

/**
 * Moments to mark on a time axis: full hours or days of the zone, as many as fit.
 *
 * @param {number} first @param {number} last Milliseconds. @param {number} most @param {string} timeZone @param {number} [least] The smallest step.
 */
export function marks(first, last, most, timeZone, least = hour) {
  const step = steps.find((each) => each >= least && (last - first) / each <= most) ?? steps[steps.length - 1];
  const shift = offset(first, timeZone);
  const all = [];
  for (let mark = Math.ceil((first + shift) / step) * step - shift; mark <= last; mark += step) all.push(mark);
  return { all, step };
}

/**
 * How the x axis of a frame is written.
 *
 * @param {import('./frames.js').Frame} frame
 */
export function timeAxis(frame) {
  const all = frame.series.flatMap((series) => series.rows.map((row) => row.x));
  const first = all.reduce((least, x) => Math.min(least, x), Infinity);
  const last = all.reduce((most, x) => Math.max(most, x), -Infinity);
  const isAge = frame.axis === 'age';
  const zone = isAge ? 'UTC' : frame.timeZone;
  const isHourly = !frame.isDaily && last - first < 4 * 24 * hour;
  const write = (x, step) => isAge ? age(x, frame.isDaily) : step < 24 * hour && new Date(x + offset(x, zone)).getUTCHours() !== 0 ? clock(x, zone) : day(x, zone);
  return {
    first, last,
    name: isAge ? 'Since the start of each' : frame.isDaily ? '' : zone,
    marks: (most) => marks(first, last, most, zone, frame.isDaily ? 24 * hour : hour),
    write,
    title: (x) => isAge ? age(x, frame.isDaily) : frame.isDaily ? date(x) : isHourly ? `${dateTime(x, zone)} ${zone}` : dateTime(x, zone),
  };
}

const age = (x, isDaily) => isDaily ? `Day ${Math.round(x / (24 * hour)) + 1}` : `Hour ${Math.round(x / hour) + 1}`;
