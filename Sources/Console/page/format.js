/** Numbers and dates in the reader's language. What is not known is a dash, never 0. */
export const dash = '–';

const integers = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const decimals = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const percents = new Intl.NumberFormat(undefined, { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 });
const shortPercents = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });

/** @param {number|null|undefined} value */
export const number = (value) => value === null || value === undefined ? dash
  : Number.isInteger(value) ? integers.format(value) : decimals.format(value);
/** `20k` for 20,000. @param {number} value @param {number} [most] The largest beside it, so that all are written alike. */
export const short = (value, most = Math.abs(value)) => most < 10_000 ? number(value) : compact.format(value);
/** @param {number|null|undefined} value */
export const percent = (value) => value === null || value === undefined ? dash : percents.format(value);
/** @param {number} value */
export const shortPercent = (value) => shortPercents.format(value);
/** `1 Tweet`, `2 Tweets`. @param {number} count @param {string} noun */
export const plural = (count, noun) => `${integers.format(count)} ${noun}${count === 1 ? '' : 's'}`;

const formats = new Map();
/** @param {Intl.DateTimeFormatOptions} options */
function dates(options) {
  const key = JSON.stringify(options);
  let format = formats.get(key);
  if (!format) {
    try {
      format = new Intl.DateTimeFormat(undefined, options);
    } catch {
      // A time zone that this browser does not know.
      format = new Intl.DateTimeFormat(undefined, { ...options, timeZone: 'UTC' });
    }
    formats.set(key, format);
  }
  return format;
}

/** A day. @param {number} time Milliseconds. @param {string} [timeZone] */
export const day = (time, timeZone = 'UTC') => dates({ timeZone, day: 'numeric', month: 'short' }).format(time);
/** A day with its year. @param {number} time @param {string} [timeZone] */
export const date = (time, timeZone = 'UTC') => dates({ timeZone, dateStyle: 'medium' }).format(time);
/** @param {number} time @param {string} [timeZone] The reader's own if left out. */
export const dateTime = (time, timeZone) => dates({ timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(time);
/** To the second. @param {number} time @param {string} [timeZone] The reader's own if left out. */
export const moment = (time, timeZone) => dates({ timeZone, dateStyle: 'medium', timeStyle: 'medium' }).format(time);
/** A time of the day, to the second. @param {number} time @param {string} [timeZone] The reader's own if left out. */
export const second = (time, timeZone) => dates({ timeZone, timeStyle: 'medium' }).format(time);
/** @param {number} time @param {string} [timeZone] */
export const clock = (time, timeZone) => dates({ timeZone, hour: '2-digit', minute: '2-digit' }).format(time);

/** A length of time. @param {number} seconds */
export function duration(seconds) {
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 60) return `${decimals.format(Math.round(seconds * 10) / 10)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** How long ago. @param {number} time @param {number} [now] */
export function ago(time, now = Date.now()) {
  const seconds = Math.round((time - now) / 1000);
  if (seconds > -5) return 'just now';
  if (seconds > -60) return relative.format(seconds, 'second');
  if (seconds > -3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (seconds > -172_800) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}

/** @param {number} count */
export function bytes(count) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) {
    count /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? integers.format(count) : decimals.format(Math.round(count * 10) / 10)} ${units[unit]}`;
}

/** `urlClicks` as `Url clicks`, `URL_CLICKS` too. @param {string} name */
export function words(name) {
  const text = /^[A-Z_]+$/.test(name) ? name.toLowerCase().replaceAll('_', ' ')
    : name.replace(/([a-z0-9])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
