// A torrent's pieces as a map: a cell a piece, or a cell for several when they are many. The same in words below it.

import { get } from './api.js';
import { attribute, h, text } from './dom.js';
import { bytes, count } from './format.js';

const names = ['missing', 'underway', 'verified', 'skipped'];
const labels = ['missing', 'under way', 'verified', 'not wanted'];
const mostCells = 6000;

export function pieceMap(id) {
  const canvas = h('canvas', { role: 'img', 'aria-label': 'Pieces' });
  const legend = h('ul', { class: 'legend' });
  const values = names.map((name) => {
    const value = h('span');
    legend.append(h('li', {}, h('i', { class: `swatch ${name}` }), value));
    return value;
  });
  const extra = h('li');
  legend.append(extra);
  const empty = h('div', { class: 'empty' }, h('strong', {}, 'No pieces known yet'), 'They are named by the metadata, which is being fetched.');
  const body = h('div', { class: 'pieces', hidden: true }, canvas, legend);
  const element = h('div', {}, body, empty);
  let map = null;

  function draw() {
    if (!map || map.count === 0 || canvas.clientWidth === 0) return;
    const style = getComputedStyle(document.documentElement);
    const colours = names.map((name) => resolve(style.getPropertyValue(`--piece-${name}`)));
    const group = Math.ceil(map.count / mostCells);
    const cells = Math.ceil(map.count / group);
    const width = canvas.clientWidth;
    const size = Math.max(4, Math.min(18, Math.floor(Math.sqrt((width * 260) / cells))));
    const columns = Math.max(1, Math.floor(width / size));
    const rows = Math.ceil(cells / columns);
    const scale = devicePixelRatio || 1;
    canvas.style.height = `${rows * size}px`;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(rows * size * scale);
    const context = canvas.getContext('2d');
    context.scale(scale, scale);
    for (let cell = 0; cell < cells; cell++) {
      const states = [0, 0, 0, 0];
      const end = Math.min(map.count, (cell + 1) * group);
      for (let piece = cell * group; piece < end; piece++) states[map.states.charCodeAt(piece) - 48]++;
      const x = (cell % columns) * size;
      const y = Math.floor(cell / columns) * size;
      const gap = size > 6 ? 1.5 : 0.5;
      const all = end - cell * group;
      // A cell of several is as full as they are.
      const kind = states[1] > 0 ? 1 : states[2] === all ? 2 : states[3] === all ? 3 : 0;
      context.fillStyle = colours[kind === 1 && states[2] === 0 ? 1 : kind];
      context.beginPath();
      context.roundRect(x, y, size - gap, size - gap, Math.min(3, size / 5));
      context.fill();
      if (kind === 0 && states[2] > 0) {
        context.fillStyle = colours[2];
        const part = ((size - gap) * states[2]) / all;
        context.fillRect(x, y + size - gap - part, size - gap, part);
      }
    }
  }

  const observer = new ResizeObserver(draw);
  observer.observe(canvas);

  return {
    element,
    update: (what) => what.has('theme') && draw(),
    close: () => observer.disconnect(),
    async load() {
      map = await get(`/torrents/${id}/pieces`);
      body.hidden = map.count === 0;
      empty.hidden = map.count > 0;
      const counts = [0, 0, 0, 0];
      for (let piece = 0; piece < map.count; piece++) counts[map.states.charCodeAt(piece) - 48]++;
      counts.forEach((value, state) => text(values[state], `${value.toLocaleString('en')} ${labels[state]}`));
      const availability = Uint8Array.from(atob(map.availability), (c) => c.charCodeAt(0));
      const least = availability.length === 0 ? 0 : availability.reduce((a, b) => Math.min(a, b), 255);
      text(extra, `${count(map.count, 'piece')} of ${bytes(map.length)}; each at ${count(least, 'peer')} at least`);
      attribute(canvas, 'aria-label', `Map of ${count(map.count, 'piece')}: ${counts.map((value, state) => `${value} ${labels[state]}`).join(', ')}`);
      draw();
    },
  };
}

/** What a colour of the style sheet is in the theme of now: a canvas knows no light-dark(). */
function resolve(colour) {
  const probe = h('i', { hidden: true });
  probe.style.color = colour;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
