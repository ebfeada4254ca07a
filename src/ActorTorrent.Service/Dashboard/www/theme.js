// Light, dark, or as the system has it.

import { icon } from './dom.js';

const names = { system: 'as the system', light: 'light', dark: 'dark' };
const order = ['system', 'light', 'dark'];

function stored() {
  try {
    const value = localStorage.getItem('theme');
    return order.includes(value) ? value : 'system';
  } catch {
    return 'system';
  }
}

export function startTheme(button, onChange) {
  let theme = stored();
  const sign = icon();
  button.append(sign.element);
  const show = () => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.setAttribute('aria-label', `Colours: ${names[theme]}`);
    button.title = `Colours: ${names[theme]}`;
    sign.set(theme);
    onChange();
  };
  button.addEventListener('click', () => {
    theme = order[(order.indexOf(theme) + 1) % order.length];
    try {
      localStorage.setItem('theme', theme);
    } catch { /* it holds until the page is left */ }
    show();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
  show();
}
