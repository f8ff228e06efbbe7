import { number, percent, short, shortPercent } from '../page/format.js';
import { colour, mayMove } from '../page/theme.js';

/** How numbers of a measure are written. @param {import('./columns.js').Column} measure */
export const writer = (measure) => measure.kind === 'ratio' ? percent : number;

/**
 * The axis of the numbers.
 *
 * @param {import('./columns.js').Column} measure
 * @param {{suggestedMin?: number, suggestedMax?: number}} [range] Where it does not begin at 0.
 */
export function valueAxis(measure, range) {
  const write = measure.kind === 'ratio' ? (value) => shortPercent(value) : short;
  return {
    beginAtZero: !range,
    ...range,
    grid: { color: colour('grid'), drawBorder: false },
    ticks: {
      color: colour('muted'), maxTicksLimit: 6, precision: measure.kind === 'ratio' ? undefined : 0,
      callback(value) {
        // Where little of much is seen, all digits tell marks apart.
        const isNarrow = this.max - this.min < this.max / 5;
        return isNarrow ? writer(measure)(value) : write(value, this.max);
      },
    },
  };
}

/** Where live numbers are: what changes by a few of many is not seen on an axis that begins at 0. @param {import('./frames.js').Frame} frame */
export function liveRange(frame, measure) {
  const values = frame.series.flatMap(({ rows }) => rows.map((row) => row.values[measure.name])).filter((value) => value !== null);
  if (!values.length) return {};
  const least = values.reduce((one, other) => Math.min(one, other));
  const most = values.reduce((one, other) => Math.max(one, other));
  const room = Math.max((most - least) / 10, measure.kind === 'ratio' ? 0.0001 : 1);
  return { suggestedMin: least < 0 ? least - room : Math.max(0, least - room), suggestedMax: most + room };
}

/**
 * What all charts have in common: colours of the page, a legend where there is more than one series, numbers for people.
 *
 * @param {import('./frames.js').Frame} frame
 * @param {import('./columns.js').Column} measure
 * @param {any} scales
 * @param {any} interaction
 * @param {(items: any[]) => string} [title] Of what is pointed at.
 */
export function options(frame, measure, scales, interaction, title) {
  const write = writer(measure);
  const value = (item) => item.raw?.y !== undefined ? item.raw.y : item.raw;
  return {
    animation: mayMove() ? { duration: 250 } : false,
    responsive: true,
    maintainAspectRatio: false,
    interaction,
    scales,
    plugins: {
      legend: {
        display: frame.series.length > 1, position: 'bottom', align: 'start',
        labels: { color: colour('text'), boxWidth: 12, boxHeight: 12, padding: 12 },
      },
      tooltip: {
        backgroundColor: colour('tooltip'), titleColor: colour('tooltip-text'), bodyColor: colour('tooltip-text'),
        padding: 10, boxPadding: 4,
        callbacks: { ...title ? { title } : {}, label: (item) => ` ${item.dataset.label}: ${write(value(item))}` },
      },
    },
  };
}

/** Writes the numbers at the ends of lying bars, where even the shortest can be read. */
export const numbersAtBars = {
  id: 'numbersAtBars',
  afterDatasetsDraw(chart, _, { write }) {
    if (!write) return;
    const { ctx } = chart;
    ctx.save();
    ctx.fillStyle = colour('muted');
    ctx.font = `12px ${getComputedStyle(document.body).fontFamily}`;
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
