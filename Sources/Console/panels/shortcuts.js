import { h } from '../page/dom.js';
import { dialog } from '../page/dialog.js';

const keys = [
  ['Ctrl Enter', 'Run the query, from anywhere'],
  ['Ctrl Space', 'What may stand here (in the editor)'],
  ['Shift Ctrl P', 'Put the query in order'],
  ['Ctrl /', 'Make lines a comment, or back'],
  ['Alt 1–5', 'Chart, table, JSON, cost and freshness, use this'],
  ['Alt S', 'Schema'], ['Alt H', 'History'],
  ['Tab', 'On to the next field; Enter indents in the editor'],
  ['Esc', 'Close what is open'],
  ['?', 'This list (outside of fields)'],
];

export function showShortcuts() {
  const line = ([key, what]) => h('div', {},
    h('dt', {}, key.split(' ').map((each) => h('kbd', {}, each))), h('dd', {}, what));
  const element = dialog('Keyboard', h('dl.keys', {}, keys.map(line)),
    h('div.dialog-actions', {}, h('button.primary', { type: 'button', onclick: () => element.close() }, 'Close')));
}

/** @param {Record<string, () => void>} actions */
export function listen(actions) {
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLElement
      && (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName));
    if (event.defaultPrevented) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) act(event, actions.run);
    else if (event.altKey && /^Digit[1-5]$/.test(event.code)) {
      act(event, () => actions.view(Number(event.code.slice(5)) - 1));
    } else if (event.altKey && event.code === 'KeyS') act(event, actions.schema);
    else if (event.altKey && event.code === 'KeyH') act(event, actions.history);
    else if (event.key === '?' && !isTyping) act(event, actions.help);
  });
}

function act(event, action) {
  event.preventDefault();
  action();
}
