import { h } from './dom.js';

/** A dialog that is gone when it is closed. @param {string} title @param {...any} children @returns {HTMLDialogElement} */
export function dialog(title, ...children) {
  const element = /** @type {HTMLDialogElement} */ (h('dialog', { 'aria-label': title, onclose: () => element.remove() },
    h('h2', {}, title), children));
  document.body.append(element);
  element.showModal();
  return element;
}

/** Asks before something that cannot be undone. @param {string} title @param {string} text @param {string} yes */
export function confirmed(title, text, yes) {
  return new Promise((resolve) => {
    let answer = false;
    const decide = (value) => () => {
      answer = value;
      element.close();
    };
    const element = dialog(title, h('p', {}, text), h('div.dialog-actions', {},
      h('button', { type: 'button', onclick: decide(false) }, 'Cancel'),
      h('button.primary', { type: 'button', onclick: decide(true) }, yes)));
    element.addEventListener('close', () => resolve(answer));
  });
}
