import { byId } from './dom.js';

const key = 'engageql.theme';
const names = { system: 'Auto', light: 'Light', dark: 'Dark' };
const dark = matchMedia('(prefers-color-scheme: dark)');

/** Light, dark, or what the system has. @param {() => void} onChange Called when colours have changed. */
export function theme(onChange) {
  const button = byId('theme');
  let chosen = localStorage.getItem(key) ?? 'system';
  if (!(chosen in names)) chosen = 'system';
  const apply = () => {
    document.documentElement.dataset.theme = chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen;
    button.textContent = names[chosen];
    button.setAttribute('aria-label', `Colours: ${names[chosen]}`);
    onChange();
  };
  button.addEventListener('click', () => {
    const all = Object.keys(names);
    chosen = all[(all.indexOf(chosen) + 1) % all.length];
    localStorage.setItem(key, chosen);
    apply();
  });
  dark.addEventListener('change', apply);
  apply();
}

/** A colour of the style sheet. @param {string} name */
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
/** The colours of series, in their order. */
export const palette = () => Array.from({ length: 8 }, (_, index) => colour(`series-${index + 1}`));
/** Whether things may move. */
export const mayMove = () => !matchMedia('(prefers-reduced-motion: reduce)').matches;
