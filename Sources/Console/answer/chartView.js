import { h, fill } from '../page/dom.js';
import { number, percent, words } from '../page/format.js';
import { chart, discardCharts } from './charts.js';
import { leftOut } from './highest.js';

/** Remembered for the next answer of the same shape. */
const chosen = new Map();

/**
 * Everything that can be drawn of an answer.
 *
 * @param {import('./frames.js').Frame[]} frames
 */
export function chartView(frames) {
  if (!frames.length) return h('p.empty', {}, 'There is nothing to draw: no rows with numbers. The table and JSON have the answer.');
  return h('div', {}, frames.map((frame) => frame.axis === 'none' && !frame.isComparison ? tiles(frame) : figure(frame)));
}

/** Single numbers are read, not drawn. */
function tiles(frame) {
  const { values } = frame.series[0].rows[0];
  return h('section.dataset', { 'aria-label': frame.name },
    h('div.dataset-head', {}, h('h3', {}, frame.name)),
    h('dl.tiles', {}, frame.measures.map((measure) => h('div', { title: measure.about },
      h('dt', {}, label(measure)), h('dd', {}, (measure.kind === 'ratio' ? percent : number)(values[measure.name]))))));
}

function figure(frame) {
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

  function draw() {
    discardCharts(place);
    const one = frame.measures.find((each) => each.name === measure);
    fill(place, one ? single(frame, one) : multiples(frame));
  }
  draw();
  return h('section.dataset', { 'aria-label': frame.name },
    h('div.dataset-head', {}, h('h3', {}, frame.name), h('span.spread'), select), place);
}

function single(frame, measure) {
  const remark = leftOut(frame, measure);
  return [chart(frame, measure), remark ? h('p.muted', {}, remark) : null];
}

/** One small chart for each metric, all with the same axis and colours. */
const multiples = (frame) => h('div.multiples', {}, frame.measures.map((measure) =>
  h('figure', {}, h('figcaption', { title: measure.about }, label(measure)), chart(frame, measure, { isSmall: true }))));

const label = (measure) => measure.name.split('.').map(words).join(' · ');
