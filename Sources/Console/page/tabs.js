import { h, fill } from './dom.js';

/**
 * Tabs by the ARIA pattern: arrows move between them, what they show is made when it is looked at.
 *
 * @param {string} label
 * @param {{id: string, title: string, show: () => Node|Node[]}[]} tabs
 * @param {string} [selected]
 * @param {(id: string) => void} [onSelect]
 */
export function tabs(label, tabs, selected = tabs[0].id, onSelect = () => {}) {
  const panel = h('div.tab-panel', { role: 'tabpanel', id: `panel-${label}`, tabindex: 0 });
  const buttons = tabs.map((tab) => h('button.tab', {
    type: 'button', role: 'tab', id: `tab-${label}-${tab.id}`, 'aria-controls': panel.id,
    onclick: () => select(tab.id),
    onkeydown: (event) => move(event, tab),
  }, tab.title));
  const list = h('div.tabs', { role: 'tablist', 'aria-label': label }, buttons);

  function select(id) {
    const index = Math.max(0, tabs.findIndex((tab) => tab.id === id));
    buttons.forEach((button, other) => {
      button.setAttribute('aria-selected', String(other === index));
      button.tabIndex = other === index ? 0 : -1;
    });
    panel.setAttribute('aria-labelledby', buttons[index].id);
    fill(panel, tabs[index].show());
    onSelect(tabs[index].id);
  }

  function move(event, tab) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const index = event.key === 'Home' ? 0 : event.key === 'End' ? tabs.length - 1
      : step ? (tabs.indexOf(tab) + step + tabs.length) % tabs.length : -1;
    if (index < 0) return;
    event.preventDefault();
    buttons[index].focus();
    select(tabs[index].id);
  }

  const element = h('div.tabbed', {}, list, panel);
  // A chart can measure itself only on the page.
  queueMicrotask(() => select(selected));
  return element;
}
