import {
  BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip,
} from 'chart.js/chart.mjs';
import { h } from '../page/dom.js';
import { number, percent, short, shortPercent, words } from '../page/format.js';
import { colour, mayMove, palette } from '../page/theme.js';
import { timeAxis } from './axes.js';

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip);

const mostBars = 25;

/** Writes the numbers at the ends of lying bars, where even the shortest can be read. */
const numbersAtBars = {
  id: 'numbersAtBars',
  afterDatasetsDraw(chart, _, { write }) {
    if (!write) return;
    const { ctx } = chart;
    ctx.save();
    ctx.fillStyle = colour('muted');
    ctx.font = `12px ${Chart.defaults.font.family}`;
    ctx.textBaseline = 'middle';
    chart.data.datasets.forEach((dataset, index) => {
      chart.getDatasetMeta(index).data.forEach((bar, row) => {
        const value = dataset.data[row];
        if (value !== null) ctx.fillText(write(value), bar.x + 6, bar.y);
      });
    });
    ctx.restore();
  },
};

/**
 * A chart of one measure of a frame.
 *
 * @param {import('./frames.js').Frame} frame
 * @param {import('./columns.js').Column} measure
 * @param {{isSmall?: boolean}} [options]
 */
export function chart(frame, measure, { isSmall = false } = {}) {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  const canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { role: 'img', 'aria-label': described(frame, measure) }));
  const box = h(isSmall ? 'div.chart.small' : 'div.chart', {}, canvas);
  const isLine = frame.axis === 'time' || frame.axis === 'age';
  const configuration = isLine ? lines(frame, measure) : bars(frame, measure);
  if (!isLine && frame.axis === 'category') {
    const count = configuration.data.labels.length * configuration.data.datasets.length;
    box.style.height = `${Math.max(isSmall ? 150 : 220, 70 + count * (isSmall ? 22 : 28))}px`;
  }
  // It has to be on the page to know its size.
  requestAnimationFrame(() => {
    if (canvas.isConnected) canvas.chart = new Chart(canvas, configuration);
  });
  return box;
}

/** Frees the charts below an element. @param {Element} element */
export function discardCharts(element) {
  for (const canvas of element.querySelectorAll('canvas')) canvas.chart?.destroy();
}

const writer = (measure) => measure.kind === 'ratio' ? percent : number;
const shortWriter = (measure) => measure.kind === 'ratio' ? shortPercent : short;

function lines(frame, measure) {
  const axis = timeAxis(frame);
  const colours = palette();
  const few = frame.series.every((series) => series.rows.length <= 60);
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
        pointRadius: few ? 2.5 : 0,
        pointHoverRadius: 5,
        tension: 0,
        spanGaps: false,
        // Points at the edges are whole.
        clip: 8,
      })),
    },
    options: options(frame, measure, {
      x: {
        type: 'linear', min: axis.first, max: axis.last, grid: { display: false }, border: { color: colour('line') },
        title: { display: Boolean(axis.name), text: axis.name, color: colour('muted') },
        afterBuildTicks: (scale) => {
          const { all, step } = axis.marks(Math.max(2, Math.floor(scale.width / 70)));
          scale.ticks = all.map((value) => ({ value }));
          scale.step = step;
        },
        ticks: { color: colour('muted'), maxRotation: 0, autoSkip: false, callback(value) { return axis.write(value, this.step); } },
      },
      y: valueAxis(measure),
    }, { mode: 'index', intersect: false }, (items) => axis.title(items[0].parsed.x)),
  };
}

function bars(frame, measure) {
  const isCategory = frame.axis === 'category';
  const colours = palette();
  const labels = isCategory ? ranked(frame, measure) : frame.axis === 'hour' ? Array.from({ length: 24 }, (_, hour) => hour) : [''];
  const of = (series, label) => series.rows.find((row) => frame.axis === 'none' || row.x === label)?.values[measure.name] ?? null;
  const write = (label) => frame.axis === 'hour' ? `${String(label).padStart(2, '0')}:00` : /^[A-Z_]+$/.test(label) ? words(String(label)) : String(label);
  const categories = {
    type: 'category', grid: { display: false }, border: { color: colour('line') },
    ticks: { color: colour(isCategory ? 'text' : 'muted'), maxRotation: 0, autoSkip: !isCategory, font: { size: 11.5 } },
  };
  const scales = isCategory ? { x: { ...valueAxis(measure), grace: '12%' }, y: categories } : { x: categories, y: valueAxis(measure) };
  const common = options(frame, measure, scales, { mode: 'index', intersect: false, axis: isCategory ? 'y' : 'x' });
  return {
    type: 'bar',
    plugins: [numbersAtBars],
    data: {
      labels: labels.map(write),
      datasets: frame.series.map((series, index) => ({
        label: series.label,
        data: labels.map((label) => of(series, label)),
        backgroundColor: colours[index % colours.length],
        borderRadius: 2,
        maxBarThickness: 26,
      })),
    },
    options: {
      ...common,
      indexAxis: isCategory ? 'y' : 'x',
      plugins: { ...common.plugins, numbersAtBars: { write: isCategory ? writer(measure) : null } },
    },
  };
}

/** The categories with the highest numbers, highest first. */
function ranked(frame, measure) {
  const best = new Map();
  for (const series of frame.series) {
    for (const row of series.rows) best.set(row.x, Math.max(best.get(row.x) ?? -1, row.values[measure.name] ?? -1));
  }
  return [...best].filter(([, value]) => value >= 0).sort((left, right) => right[1] - left[1]).slice(0, mostBars).map(([x]) => x);
}

/** How many bars are left out. */
export const leftOut = (frame, measure) => frame.axis !== 'category' ? 0
  : Math.max(0, new Set(frame.series.flatMap((series) => series.rows.filter((row) => row.values[measure.name] !== null).map((row) => row.x))).size - mostBars);

const valueAxis = (measure) => ({
  beginAtZero: true,
  grid: { color: colour('grid'), drawBorder: false },
  ticks: { color: colour('muted'), maxTicksLimit: 6, precision: measure.kind === 'ratio' ? undefined : 0, callback: (value) => shortWriter(measure)(value) },
});

function options(frame, measure, scales, interaction, title) {
  const write = writer(measure);
  return {
    animation: mayMove() ? { duration: 250 } : false,
    responsive: true,
    maintainAspectRatio: false,
    interaction,
    scales,
    plugins: {
      legend: {
        display: frame.series.length > 1, position: 'bottom', align: 'start',
        labels: { color: colour('text'), boxWidth: 12, boxHeight: 12, usePointStyle: false, padding: 12 },
      },
      tooltip: {
        backgroundColor: colour('tooltip'), titleColor: colour('tooltip-text'), bodyColor: colour('tooltip-text'), padding: 10, boxPadding: 4,
        callbacks: {
          ...title ? { title } : {},
          label: (item) => ` ${item.dataset.label}: ${write(item.raw?.y !== undefined ? item.raw.y : item.raw)}`,
        },
      },
    },
  };
}

/** The chart in words. */
function described(frame, measure) {
  const write = writer(measure);
  const parts = frame.series.slice(0, 8).map((series) => {
    const values = series.rows.map((row) => row.values[measure.name]).filter((value) => value !== null);
    return values.length ? `${series.label}: ${write(Math.min(...values))} to ${write(Math.max(...values))}` : `${series.label}: no numbers`;
  });
  return `${words(measure.name)}. ${parts.join('; ')}. The same numbers are in the table.`;
}
