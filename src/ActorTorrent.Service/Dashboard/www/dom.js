// Small helpers: elements, keyed lists, texts that change only when they differ.

/** Makes an element: properties by name, attributes where there is no such property, children. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.className = value;
    else if (name === 'data') Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Makes an element of SVG. */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const shapes = {
  pause: 'M7 5h3.5v14H7zM13.5 5H17v14h-3.5z',
  play: 'M8 5.2v13.6c0 .6.7 1 1.2.7l10.4-6.8c.5-.3.5-1 0-1.4L9.200 4.500C8.700 4.200 8 4.600 8 5.200z',
  system: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 2v14a7 7 0 0 1 0-14z',
  light: 'M12 7.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM11 2h2v3h-2zM11 19h2v3h-2zM2 11h3v2H2zM19 11h3v2h-3zM4.200 5.600l1.400-1.400 2.100 2.100-1.400 1.400zM16.300 17.700l1.400-1.400 2.100 2.100-1.400 1.400zM4.200 18.400l2.100-2.100 1.400 1.400-2.100 2.100zM16.300 6.300l2.100-2.100 1.400 1.400-2.100 2.100z',
  dark: 'M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z',
};

/** A small picture that changes by its name. */
export function icon() {
  const path = s('path', { fill: 'currentColor' });
  return {
    element: s('svg', { viewBox: '0 0 24 24', width: 20, height: 20, 'aria-hidden': 'true', focusable: 'false' }, path),
    set: (name) => attribute(path, 'd', shapes[name]),
  };
}

export function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

export function attribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** A progress bar that assistive technology can read. */
export function bar(label) {
  const fill = h('i');
  const element = h('div', { class: 'bar', role: 'progressbar', 'aria-label': label, 'aria-valuemin': '0', 'aria-valuemax': '100' }, fill);
  return {
    element,
    set(share, kind = '', name = label) {
      const percent = Math.floor(share * 1000) / 10;
      attribute(element, 'aria-valuenow', String(percent));
      attribute(element, 'aria-label', name);
      const wanted = `bar ${kind}`;
      if (element.className !== wanted) element.className = wanted;
      fill.style.width = `${percent}%`;
    },
  };
}

/** A table that stays one for assistive technology when it is laid out as a list on a phone. */
export function dataTable(kind, caption, heads, rows) {
  return h('table', { class: kind, role: 'table' }, h('caption', { class: 'hidden' }, caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ...heads.map(([name, style]) => h('th', { scope: 'col', role: 'columnheader', class: style ?? '' }, name)))),
    rows);
}

/** A row of such a table. */
export function row(...cells) {
  for (const cell of cells) cell.setAttribute('role', 'cell');
  return h('tr', { role: 'row' }, ...cells);
}

/** Keeps the children of an element in step with a list: `make(item)` once for each key, `update(row, item)` each time. */
export class Keyed {
  constructor(parent, key, make, update) {
    Object.assign(this, { parent, key, make, update });
    this.rows = new Map();
  }

  set(items) {
    const gone = new Set(this.rows.keys());
    let at = this.parent.firstElementChild;
    for (const item of items) {
      const key = this.key(item);
      gone.delete(key);
      let row = this.rows.get(key);
      if (!row) {
        row = this.make(item);
        this.rows.set(key, row);
      }
      this.update(row, item);
      if (row.element === at) at = at.nextElementSibling;
      else this.parent.insertBefore(row.element, at);
    }
    for (const key of gone) {
      this.rows.get(key).element.remove();
      this.rows.delete(key);
    }
  }
}
