// Rates, peers by state and faults over time, drawn as SVG. What a chart shows stands in words in its title.

import { attribute, h, s, text } from './dom.js';
import { bytes, count, rate, sentence } from './format.js';
import { store, totals } from './store.js';

const height = 220;
const left = 78;
const right = 8;
const top = 10;
const bottom = 24;
const windowMs = 300_000;
const faultBucketMs = 10_000;
const states = ['running', 'connecting', 'waiting'];
const actions = ['restart', 'resume', 'stop', 'ban'];

export function chartsView() {
  const rates = chart('Rates', [['down', 'Download'], ['up', 'Upload']], 'wide');
  const peers = chart('Peers by state', states.map((name) => [name, sentence(name)]));
  const faults = chart('Faults', actions.map((name) => [name, sentence(name)]));
  const element = h('div', {}, h('div', { class: 'heading' }, h('h1', {}, 'Charts'), h('span', { class: 'muted' }, 'The last five minutes')),
    h('div', { class: 'charts' }, rates.element, peers.element, faults.element));

  function update(what) {
    if (!what.has('history') && !what.has('faults') && !what.has('all')) return;
    const now = Date.now();
    const history = store.history.filter((sample) => now - sample.at < windowMs);
    drawRates(rates, history, rates.fit(now));
    drawPeers(peers, history, peers.fit(now));
    drawFaults(faults, store.faults.filter((fault) => now - Date.parse(fault.time) < windowMs), faults.fit(now), now);
  }

  return { element, update };
}

function chart(name, series, kind = '') {
  const title = s('title');
  const plot = s('g');
  const svg = s('svg', { role: 'img', height }, title, plot);
  const summary = h('p', { class: 'muted small' });
  const element = h('section', { class: `chart card ${kind}` }, h('h2', {}, name), summary, svg,
    h('ul', { class: 'legend' }, ...series.map(([kind, label]) => h('li', {}, h('i', { class: `swatch ${kind}` }), label))));
  return {
    element,
    plot,
    /** Where a moment stands in the width that there is. */
    fit(now) {
      const width = Math.max(260, svg.clientWidth || 600);
      attribute(svg, 'viewBox', `0 0 ${width} ${height}`);
      const x = (at) => left + (width - left - right) * (1 - (now - at) / windowMs);
      x.width = width;
      return x;
    },
    say(words) {
      text(title, `${name}: ${words}`);
      text(summary, words.charAt(0).toUpperCase() + words.slice(1));
      attribute(svg, 'aria-label', `${name}: ${words}`);
    },
  };
}

const y = (value, most) => top + (height - top - bottom) * (1 - value / most);

/** A round number that is not smaller, and the lines of a grid below it. */
function scale(most, step = 10) {
  if (most <= 0) return { most: 1, lines: [0, 1] };
  const unit = step ** Math.floor(Math.log(most) / Math.log(step));
  const factor = [1, 2, 4, 5, 8, 10, 16, 32, 64, 128, 256, 512, 1024].find((value) => value * unit >= most);
  return { most: factor * unit, lines: [0, (factor * unit) / 2, factor * unit] };
}

function frame({ most, lines }, label, x) {
  const parts = [];
  for (const line of lines) {
    parts.push(s('line', { class: 'grid', x1: left, x2: x.width - right, y1: y(line, most), y2: y(line, most) }));
    parts.push(s('text', { x: left - 8, y: y(line, most) + 4, 'text-anchor': 'end' }, label(line)));
  }
  for (const minutes of x.width < 460 ? [4, 2, 0] : [5, 4, 3, 2, 1, 0]) {
    const at = x(Date.now() - minutes * 60_000);
    parts.push(s('text', { x: at, y: height - 6, 'text-anchor': minutes === 0 ? 'end' : minutes === 5 ? 'start' : 'middle' }, minutes === 0 ? 'now' : `−${minutes} min`));
  }
  return parts;
}

const points = (pairs) => pairs.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');

function drawRates(target, history, x) {
  const grid = scale(Math.max(1024, ...history.map((sample) => Math.max(sample.down, sample.up))), 1024);
  const parts = frame(grid, (value) => `${bytes(value).replace(/\.0+ /, ' ')}/s`, x);
  for (const kind of ['down', 'up']) {
    if (history.length < 2) continue;
    const line = history.map((sample) => [x(sample.at), y(sample[kind], grid.most)]);
    const ground = y(0, grid.most);
    parts.push(s('polygon', { class: `area ${kind}`, points: points([[line[0][0], ground], ...line, [line.at(-1)[0], ground]]) }));
    parts.push(s('polyline', { class: `line ${kind}`, points: points(line) }));
  }
  target.plot.replaceChildren(...parts);
  const now = totals();
  target.say(`download ${rate(now.down)}, upload ${rate(now.up)} now`);
}

function drawPeers(target, history, x) {
  const sum = (sample) => states.reduce((all, state) => all + sample[state], 0);
  const grid = scale(Math.max(4, ...history.map(sum)));
  const parts = frame(grid, (value) => String(value), x);
  if (history.length > 1) {
    let below = history.map(() => 0);
    for (const state of states) {
      const above = history.map((sample, i) => below[i] + sample[state]);
      parts.push(s('polygon', { class: `stack ${state}`, points: points([
        ...history.map((sample, i) => [x(sample.at), y(above[i], grid.most)]),
        ...history.map((sample, i) => [x(sample.at), y(below[i], grid.most)]).reverse(),
      ]) }));
      below = above;
    }
  }
  target.plot.replaceChildren(...parts);
  const now = totals();
  target.say(states.map((state) => `${now[state]} ${state}`).join(', '));
}

function drawFaults(target, faults, x, now) {
  const buckets = new Map();
  for (const fault of faults) {
    const at = Math.floor(Date.parse(fault.time) / faultBucketMs) * faultBucketMs;
    const bucket = buckets.get(at) ?? Object.fromEntries(actions.map((action) => [action, 0]));
    bucket[fault.action === 'escalate' ? 'ban' : fault.action]++;
    buckets.set(at, bucket);
  }
  const sum = (bucket) => actions.reduce((all, action) => all + bucket[action], 0);
  const grid = scale(Math.max(4, ...[...buckets.values()].map(sum)));
  const parts = frame(grid, (value) => String(value), x);
  for (const [at, bucket] of buckets) {
    let below = 0;
    const from = Math.max(left, x(at));
    const to = Math.min(x.width - right, x(Math.min(now, at + faultBucketMs)));
    for (const action of actions) {
      if (bucket[action] === 0) continue;
      parts.push(s('rect', {
        class: `column ${action}`, x: from + 0.5, width: Math.max(2, to - from - 1), rx: 1.5,
        y: y(below + bucket[action], grid.most), height: y(below, grid.most) - y(below + bucket[action], grid.most),
      }));
      below += bucket[action];
    }
  }
  target.plot.replaceChildren(...parts);
  target.say(`${count(faults.length, 'fault')} in five minutes`);
}
