import { h, fill } from '../page/dom.js';
import { number, percent, words } from '../page/format.js';
import { chart, discardCharts, renewChart } from './charts.js';
import { gains } from './frames.js';
import { leftOut } from './highest.js';

/** Remembered for the next answer of the same shape. */
const chosen = new Map();
const gainsKey = 'gains';

/**
 * Everything that can be drawn of an answer.
 *
 * @param {import('./frames.js').Frame[]} frames
 * @returns {{element: HTMLElement, renew: (frames: import('./frames.js').Frame[]) => boolean}} `renew` draws other numbers in the same
 *   place; false if they are not of the same shape.
 */
export function chartView(frames) {
  if (!frames.length) {
    const element = h('p.empty', {}, 'There is nothing to draw: no rows with numbers. The table and JSON have the answer.');
    return { element, renew: () => false };
  }
  const views = frames.map((frame) => frame.axis === 'none' && !frame.isComparison ? tiles(frame) : figure(frame));
  const shape = JSON.stringify(frames.map(shapeOf));
  return {
    element: h('div', {}, views.map((view) => view.element)),
    renew(others) {
      if (JSON.stringify(others.map(shapeOf)) !== shape) return false;
      views.forEach((view, index) => view.renew(others[index]));
      return true;
    },
  };
}

const shapeOf = (frame) => [frame.name, frame.axis, frame.isComparison, frame.measures.map((measure) => measure.name)];

/** Single numbers are read, not drawn. */
function tiles(frame) {
  const list = h('dl.tiles');
  const renew = ({ series: [{ rows: [{ values }] }] }) => fill(list, frame.measures.map((measure) =>
    h('div', { title: measure.about },
      h('dt', {}, label(measure)), h('dd', {}, (measure.kind === 'ratio' ? percent : number)(values[measure.name])))));
  renew(frame);
  const element = h('section.dataset', { 'aria-label': frame.name }, h('div.dataset-head', {}, h('h3', {}, frame.name)), list);
  return { element, renew };
}

function figure(first) {
  let frame = first;
  const key = JSON.stringify([frame.axis, frame.measures.map((measure) => measure.name)]);
  const everything = '*';
  const preferred = frame.isComparison && frame.measures.length > 1 ? everything : frame.measures[0].name;
  let measure = chosen.get(key) ?? preferred;
  const place = h('div.figure');
  const select = h('select', {
    'aria-label': `Metric of ${frame.name}`,
    onchange: () => {
      measure = select.value;
      chosen.set(key, measure);
      draw();
    },
  }, frame.measures.map((each) => h('option', { value: each.name }, label(each))),
  frame.measures.length > 1 ? h('option', { value: everything }, 'All metrics, side by side') : null);
  select.value = measure;
  // Tweets of several sizes are flat lines, whatever happens: what came since is seen.
  let isGains = frame.hasGains && (chosen.get(gainsKey) ?? frame.series.length > 1);
  const ways = h('select', {
    'aria-label': `Numbers of ${frame.name}`,
    onchange: () => {
      isGains = ways.value === gainsKey;
      chosen.set(gainsKey, isGains);
      draw();
    },
  }, h('option', { value: gainsKey }, 'Since the first event'), h('option', { value: '' }, 'As they are'));
  ways.value = isGains ? gainsKey : '';

  const drawn = () => isGains ? gains(frame) : frame;
  function draw() {
    discardCharts(place);
    const one = frame.measures.find((each) => each.name === measure);
    fill(place, one ? single(drawn(), one) : multiples(drawn()));
  }
  draw();
  const element = h('section.dataset', { 'aria-label': frame.name },
    h('div.dataset-head', {}, h('h3', {}, frame.name), h('span.spread'), frame.hasGains ? ways : null, select), place);
  const renew = (other) => {
    frame = other;
    // In the order in which they were drawn.
    const measures = frame.measures.filter((each) => measure === everything || each.name === measure);
    place.querySelectorAll('canvas').forEach((canvas, index) => renewChart(canvas, drawn(), measures[index]));
  };
  return { element, renew };
}

function single(frame, measure) {
  const remark = leftOut(frame, measure);
  return [chart(frame, measure), remark ? h('p.muted', {}, remark) : null];
}

/** One small chart for each metric, all with the same axis and colours. */
const multiples = (frame) => h('div.multiples', {}, frame.measures.map((measure) =>
  h('figure', {}, h('figcaption', { title: measure.about }, label(measure)), chart(frame, measure, { isSmall: true }))));

const label = (measure) => measure.name.split('.').map(words).join(' · ');
