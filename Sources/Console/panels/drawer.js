import { byId, fill, h } from '../page/dom.js';

/** The panel at the side: one thing at a time, Escape closes it and gives the focus back. */
export class Drawer {
  /** @param {Record<string, {title: string, show: (place: HTMLElement) => void}>} panels */
  constructor(panels) {
    this.panels = panels;
    this.element = byId('drawer');
    this.open = null;
    this.opener = null;
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
  }

  /** @param {string} name @param {HTMLElement} opener */
  toggle(name, opener) {
    if (this.open === name) return this.close();
    if (this.open) this.opener.setAttribute('aria-expanded', 'false');
    this.open = name;
    this.opener = opener;
    opener.setAttribute('aria-expanded', 'true');
    const { title, show } = this.panels[name];
    const body = h('div.drawer-body', { tabindex: 0, role: 'region', 'aria-label': title });
    const close = h('button.quiet', { type: 'button', 'aria-label': 'Close', onclick: () => this.close() }, '×');
    fill(this.element, h('div.drawer-head', {}, h('h2', {}, title), close), body);
    this.element.setAttribute('aria-label', title);
    this.element.hidden = false;
    show(body);
    close.focus();
  }

  close() {
    this.element.hidden = true;
    if (!this.open) return;
    this.open = null;
    this.opener.setAttribute('aria-expanded', 'false');
    this.opener.focus();
  }

  /** Draws what is open again. */
  refresh(name) {
    const body = this.element.querySelector('.drawer-body');
    if (this.open === name && body) this.panels[name].show(body);
  }
}
