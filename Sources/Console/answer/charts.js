import {
  BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, LineController, LineElement, PointElement,
  Tooltip,
} from 'chart.js/chart.mjs';
import { h } from '../page/dom.js';
import { words } from '../page/format.js';
import { colour, palette } from '../page/theme.js';
import { timeAxis } from './axes.js';
import { liveRange, numbersAtBars, options, valueAxis, writer } from './chartStyle.js';
import { highestCategories, highestSeries } from './highest.js';

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale);
Chart.register(LineController, LineElement, PointElement, Tooltip);

/**
 * A chart of one measure of a frame.
 *
 * @param {import('./frames.js').Frame} whole
 * @param {import('./columns.js').Column} measure
 * @param {{isSmall?: boolean}} [options]
 */
export function chart(whole, measure, { isSmall = false } = {}) {
  const { frame, configuration } = configured(whole, measure);
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  const canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { role: 'img', 'aria-label': inWords(frame, measure) }));
  const box = h(isSmall ? 'div.chart.small' : 'div.chart', {}, canvas);
  if (frame.axis === 'category') {
    const count = configuration.data.labels.length * configuration.data.datasets.length;
    box.style.height = `${Math.max(isSmall ? 150 : 220, 70 + count * (isSmall ? 22 : 28))}px`;
  }
  // It has to be on the page to know its size.
  requestAnimationFrame(() => {
    if (canvas.isConnected) canvas.chart = new Chart(canvas, configuration);
  });
  return box;
}

/** Draws other numbers of the same shape. @param {HTMLCanvasElement} canvas */
export function renewChart(canvas, whole, measure) {
  const { frame, configuration } = configured(whole, measure);
  canvas.setAttribute('aria-label', inWords(frame, measure));
  // Not yet drawn: it is by the numbers that it was made with, until the next ones.
  if (!canvas.chart) return;
  canvas.chart.data = configuration.data;
  canvas.chart.options = configuration.options;
  canvas.chart.update('none');
}

function configured(whole, measure) {
  const frame = { ...whole, series: highestSeries(whole.series, measure) };
  const isLine = frame.axis === 'time' || frame.axis === 'age';
  return { frame, configuration: isLine ? lines(frame, measure) : bars(frame, measure) };
}

/** Frees the charts below an element. @param {Element} element */
export function discardCharts(element) {
  for (const canvas of element.querySelectorAll('canvas')) canvas.chart?.destroy();
}

function lines(frame, measure) {
  const axis = timeAxis(frame);
  const colours = palette();
  const hasPoints = frame.series.every((series) => series.rows.length <= 60);
  const time = {
    type: 'linear', min: axis.first, max: axis.last, grid: { display: false },
    title: { display: Boolean(axis.name), text: axis.name, color: colour('muted') },
    afterBuildTicks: (scale) => {
      const { all, step } = axis.marks(Math.max(2, Math.floor(scale.width / 70)));
      scale.ticks = all.map((value) => ({ value }));
      scale.step = step;
    },
    ticks: {
      color: colour('muted'), maxRotation: 0, autoSkip: false,
      callback(value) { return axis.write(value, this.step); },
    },
  };
  return {
    type: 'line',
    data: {
      datasets: frame.series.map((series, index) => ({
        label: series.label,
        data: series.rows.map((row) => ({ x: row.x, y: row.values[measure.name] })),
        borderColor: colours[index % colours.length],
        backgroundColor: colours[index % colours.length],
        borderWidth: 2,
        // Beyond the colours there are dashes.
        borderDash: index < colours.length ? [] : [6, 3],
        pointRadius: hasPoints ? 2.5 : 0,
        pointHoverRadius: 5,
        // What is told only when it changes stays the same until then.
        stepped: frame.isLive,
        // What is not known is a gap.
        spanGaps: false,
        // Points at the edges are whole.
        clip: 8,
      })),
    },
    options: options(frame, measure, { x: time, y: valueAxis(measure, frame.isLive ? liveRange(frame, measure) : undefined) }, { mode: 'index', intersect: false },
      (items) => axis.title(items[0].parsed.x)),
  };
}

function bars(frame, measure) {
  // Names have room beside bars, not below them.
  const isLying = frame.axis === 'category';
  const colours = palette();
  const values = isLying ? highestCategories(frame, measure) : frame.axis === 'hour' ? hours : [''];
  const categories = {
    type: 'category', grid: { display: false },
    ticks: { color: colour(isLying ? 'text' : 'muted'), maxRotation: 0, autoSkip: !isLying, font: { size: 11.5 } },
  };
  const numbers = valueAxis(measure);
  const scales = isLying ? { x: { ...numbers, grace: '12%' }, y: categories } : { x: categories, y: numbers };
  const common = options(frame, measure, scales, { mode: 'index', intersect: false, axis: isLying ? 'y' : 'x' });
  return {
    type: 'bar',
    plugins: [numbersAtBars],
    data: {
      labels: values.map((value) => label(frame, value)),
      datasets: frame.series.map((series, index) => ({
        label: series.label,
        data: numbersAt(values, series, frame, measure),
        backgroundColor: colours[index % colours.length],
        borderRadius: 2,
        maxBarThickness: 26,
      })),
    },
    options: {
      ...common,
      indexAxis: isLying ? 'y' : 'x',
      plugins: { ...common.plugins, numbersAtBars: { write: isLying ? writer(measure) : null } },
    },
  };
}

const hours = Array.from({ length: 24 }, (_, hour) => hour);

function numbersAt(values, series, frame, measure) {
  if (frame.axis === 'none') return [series.rows[0]?.values[measure.name] ?? null];
  const known = new Map(series.rows.map((row) => [row.x, row.values[measure.name]]));
  return values.map((value) => known.get(value) ?? null);
}

function label(frame, value) {
  if (frame.axis === 'hour') return `${String(value).padStart(2, '0')}:00`;
  return /^[A-Z_]+$/.test(value) ? words(value) : String(value);
}

/** The chart for those who do not see it. */
function inWords(frame, measure) {
  const write = writer(measure);
  const parts = frame.series.slice(0, 8).map((series) => {
    const values = series.rows.map((row) => row.values[measure.name]).filter((value) => value !== null);
    if (!values.length) return `${series.label}: no numbers`;
    const least = values.reduce((one, other) => Math.min(one, other));
    const most = values.reduce((one, other) => Math.max(one, other));
    return `${series.label}: ${write(least)} to ${write(most)}`;
  });
  return `${words(measure.name)}. ${parts.join('; ')}. The same numbers are in the table.`;
}
