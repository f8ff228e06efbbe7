import { jsonEditor } from '../language/editor.js';
import { fill, h } from '../page/dom.js';
import { tabs } from '../page/tabs.js';
import { useLive } from '../panels/use.js';
import { chartView } from './chartView.js';
import { discardCharts } from './charts.js';
import { frames } from './frames.js';
import { tableView } from './table.js';

/**
 * The views of a subscription, which are filled while they are looked at.
 *
 * @param {import('./view.js').Asked} asked
 * @param {import('./journal.js').Journal} journal
 * @param {{view: string|null}} preference
 * @returns {{element: HTMLElement, renew: () => void}} `renew` shows what has come since.
 */
export function liveViews(asked, journal, preference) {
  let renew = () => {};
  const showing = (view) => () => {
    const place = h('div');
    renew = view(place, journal);
    renew();
    return place;
  };
  const all = [
    { id: 'chart', title: 'Chart', show: showing(chart) },
    { id: 'table', title: 'Table', show: showing(table) },
    { id: 'json', title: 'JSON', show: showing(json) },
    { id: 'use', title: 'Use this', show: () => { renew = () => {}; return useLive(asked); } },
  ];
  let isFirst = true;
  const wanted = all.some(({ id }) => id === preference.view) ? preference.view : 'chart';
  const element = tabs('Answer', all, wanted, (id) => {
    if (!isFirst) preference.view = id;
    isFirst = false;
  });
  return { element, renew: () => renew() };
}

const nothing = () => h('p.empty', {}, 'Nothing has come yet. An event comes when what you see would be another than before.');

/** Each view fills its place and tells how to go on; what stays the same stays where it is, with its focus and its order. */
function chart(place, journal) {
  let figures = null;
  return () => {
    const drawn = frames(journal.datasets);
    if (figures?.renew(drawn)) return;
    discardCharts(place);
    figures = drawn.length ? chartView(drawn) : null;
    fill(place, figures?.element ?? nothing());
  };
}

function table(place, journal) {
  let views = [];
  return () => {
    const sets = journal.datasets;
    if (views.length !== sets.length) {
      views = sets.map((set) => tableView(set, []));
      fill(place, views.length ? views.map((view) => view.element) : nothing());
    } else views.forEach((view, index) => view.renew(sets[index]));
  };
}

function json(place, journal) {
  let editor = null;
  return () => {
    if (!journal.events.length) return fill(place, nothing());
    if (!editor) {
      const frame = h('div.editor.read-only');
      fill(place, h('p.muted', {}, 'The latest events, the newest first.'), frame);
      editor = jsonEditor(frame, { label: 'The latest events as JSON', value: '', readOnly: true });
      // It can measure itself only on the page.
      queueMicrotask(() => editor.refresh());
    }
    const { left, top } = editor.getScrollInfo();
    editor.setValue(JSON.stringify(journal.events, null, 2).slice(0, 2_000_000));
    editor.scrollTo(left, top);
  };
}
