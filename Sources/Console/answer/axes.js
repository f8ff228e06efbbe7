import { clock, date, dateTime, day, moment, second } from '../page/format.js';

const minute = 60_000;
const hour = 3_600_000;
const steps = [
  ...[1 / 12, 1 / 4, 1 / 2, 1, 2, 5, 15, 30].map((minutes) => minutes * minute),
  ...[1, 2, 3, 6, 12, ...[1, 2, 3, 7, 14, 28, 91, 364].map((days) => days * 24)].map((hours) => hours * hour),
];

/** The milliseconds by which the clock of a zone is ahead of UTC's at a moment. */
function offset(time, timeZone) {
  try {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    const parts = Object.fromEntries(format.formatToParts(time).map((part) => [part.type, Number(part.value)]));
    const shown = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour % 24, parts.minute, parts.second);
    return shown - Math.floor(time / 1000) * 1000;
  } catch {
    // A zone that this browser does not know.
    return 0;
  }
}

/**
 * Moments to mark on a time axis: full hours or days of the zone, as many as fit.
 *
 * @param {number} first @param {number} last Milliseconds.
 * @param {number} most @param {string} timeZone
 * @param {number} [least] The smallest step.
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
  // A single event stands at the left, and the next ones have room.
  const last = all.reduce((most, x) => Math.max(most, x), frame.isLive ? first + minute : -Infinity);
  const isAge = frame.axis === 'age';
  const zone = isAge ? 'UTC' : frame.timeZone;
  const isMidnight = (x) => new Date(x + offset(x, zone)).getUTCHours() === 0;
  const write = (x, step) => {
    if (isAge) return age(x, frame.isDaily);
    if (step < minute) return second(x, zone);
    return step < 24 * hour && (step < hour || !isMidnight(x)) ? clock(x, zone) : day(x, zone);
  };
  const title = (x) => {
    if (isAge) return age(x, frame.isDaily);
    if (frame.isDaily) return date(x);
    return `${(frame.isLive ? moment : dateTime)(x, zone)} ${zone}`;
  };
  return {
    first, last,
    name: isAge ? 'Since the start of each' : frame.isDaily ? '' : zone,
    marks: (most) => marks(first, last, most, zone, leastStep(frame)),
    write,
    title,
  };
}

const leastStep = ({ isLive, isDaily }) => isLive ? minute / 12 : isDaily ? 24 * hour : hour;

const age = (x, isDaily) => isDaily ? `Day ${Math.round(x / (24 * hour)) + 1}` : `Hour ${Math.round(x / hour) + 1}`;
