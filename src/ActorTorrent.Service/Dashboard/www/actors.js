// The live actor tree.

import { get } from './api.js';
import { attribute, dataTable, h, Keyed, row as tableRow, text } from './dom.js';
import { clock, count, words } from './format.js';
import { store } from './store.js';

const everyMs = 2000;
const mostShown = 1500;

export function actorsView() {
  const search = h('input', { type: 'search', placeholder: 'Name, kind or state', oninput: () => draw() });
  const only = h('input', { type: 'checkbox', onchange: () => draw() });
  const total = h('span', { class: 'muted', role: 'status' });
  const rows = h('tbody', { role: 'rowgroup' });
  const closed = new Set();
  const seen = new Map();
  let tree = null;

  const table = dataTable('tree stack-up', 'Live actors, each below its parent',
    [['Actor'], ['State'], ['Mailbox', 'num'], ['Wait', 'num'], ['Restarts', 'num'], ['Last fault']], rows);
  const element = h('div', {}, h('div', { class: 'heading' }, h('h1', {}, 'Actors'), total),
    h('div', { class: 'filters', role: 'search' }, h('label', { class: 'grow' }, 'Search', search),
      h('label', { class: 'check', for: 'only-faults' }, only, 'Only those that failed')),
    h('div', { class: 'card' }, table));
  only.id = 'only-faults';

  const list = new Keyed(rows, (row) => row.actor.path, (row) => {
    const twig = h('button', {
      type: 'button', class: 'quiet twig',
      onclick: () => {
        if (!closed.delete(row.actor.path)) closed.add(row.actor.path);
        draw();
      },
    });
    const dot = h('span', { class: 'dot', 'aria-hidden': 'true' });
    const name = h('b');
    const kind = h('span', { class: 'muted small' });
    const actor = h('div', { class: 'actor' }, twig, dot, name, kind);
    const cells = {
      state: h('td', { 'data-label': 'State' }), depth: h('td', { class: 'num', 'data-label': 'Mailbox' }), wait: h('td', { class: 'num', 'data-label': 'Wait' }),
      restarts: h('td', { class: 'num', 'data-label': 'Restarts' }), fault: h('td', { class: 'wrap small', 'data-label': 'Last fault' }),
    };
    return { element: tableRow(h('td', {}, actor), ...Object.values(cells)), twig, dot, name, kind, actor, ...cells };
  }, (row, { actor, hasChildren }) => {
    row.actor.style.paddingInlineStart = `${actor.depth * 1.15}rem`;
    const isOpen = !closed.has(actor.path);
    row.twig.hidden = !hasChildren;
    row.dot.style.marginInlineStart = hasChildren ? '' : '1.95rem';
    text(row.twig, isOpen ? '▼' : '▶');
    attribute(row.twig, 'aria-expanded', String(isOpen));
    attribute(row.twig, 'aria-label', `Actors below ${actor.name}`);
    text(row.name, shown(actor));
    text(row.kind, words(actor.kind) === actor.name ? '' : words(actor.kind));
    attribute(row.dot, 'class', `dot ${dotKind(actor)}`);
    text(row.state, words(actor.state) || '–');
    text(row.depth, String(actor.mailboxDepth));
    text(row.wait, `${actor.isWaiting ? '> ' : ''}${waitOf(actor.waitMs)}`);
    text(row.restarts, String(actor.restarts));
    text(row.fault, actor.lastFault ? `${clock(actor.lastFaultAt)} ${actor.lastFault}` : '–');
    attribute(row.fault, 'class', `wrap small${actor.lastFault ? '' : ' blank'}`);
    const isFresh = actor.restarts > (seen.get(actor.path) ?? actor.restarts);
    seen.set(actor.path, actor.restarts);
    if (isFresh) {
      row.element.classList.remove('fresh');
      void row.element.offsetWidth;
      row.element.classList.add('fresh');
    }
  });

  function draw() {
    if (!tree) return;
    const query = search.value.trim().toLowerCase();
    const isFiltered = query || only.checked;
    const parents = new Set(tree.actors.map((actor) => actor.path.slice(0, Math.max(0, actor.path.lastIndexOf('/')))));
    const wanted = [];
    let hiddenBelow = null;
    for (const actor of tree.actors) {
      if (!isFiltered) {
        if (hiddenBelow !== null && (hiddenBelow === '' ? actor.path !== '' : actor.path.startsWith(`${hiddenBelow}/`))) continue;
        hiddenBelow = closed.has(actor.path) ? actor.path : null;
      } else if ((only.checked && !actor.lastFault)
        || (query && !`${shown(actor)} ${actor.name} ${words(actor.kind)} ${words(actor.state)}`.toLowerCase().includes(query))) {
        continue;
      }
      wanted.push({ actor, hasChildren: !isFiltered && (actor.path === '' ? tree.actors.length > 1 : parents.has(actor.path)) });
    }
    list.set(wanted.slice(0, mostShown));
    text(total, `${count(tree.total, 'actor')}, ${count(tree.restarts, 'restart')}${wanted.length > mostShown ? `; the first ${mostShown} are shown` : ''}`);
  }

  let isBusy = false;
  async function load() {
    if (document.hidden || isBusy) return;
    isBusy = true;
    try {
      tree = await get('/actors');
      draw();
    } catch { /* the banner says it */ } finally {
      isBusy = false;
    }
  }
  load();
  const timer = setInterval(load, everyMs);

  return { element, close: () => clearInterval(timer) };
}

/** A torrent's actor by the torrent's name. */
function shown(actor) {
  if (actor.kind !== 'coordinator') return actor.name;
  const hash = actor.name.slice(actor.name.indexOf('-') + 1);
  return [...store.torrents.values()].find((torrent) => torrent.infoHash === hash)?.name ?? `${actor.name.slice(0, 16)}…`;
}

function dotKind(actor) {
  if (actor.isWaiting && actor.waitMs > 500) return 'bad';
  if ((actor.kind === 'peer' && actor.state === 'waiting') || actor.state === 'disk_error') return 'warn';
  if (actor.state === 'connecting' || actor.state === 'handshaking') return 'info';
  return 'good';
}

const waitOf = (ms) => (ms < 1 ? `${Math.round(ms * 1000)} µs` : ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(1)} s`);
