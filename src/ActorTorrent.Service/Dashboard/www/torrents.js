// The list of torrents.

import { post } from './api.js';
import { attribute, bar, h, icon, Keyed, text } from './dom.js';
import { bytes, count, duration, percent, phaseKind, rate, sentence } from './format.js';
import { store } from './store.js';
import { attempt } from './toast.js';

const { compare } = new Intl.Collator();

const orders = {
  queue: ['In line', (a, b) => a.queuePosition - b.queuePosition],
  name: ['By name', (a, b) => compare(a.name, b.name)],
  added: ['Newest first', (a, b) => (a.addedAt < b.addedAt ? 1 : a.addedAt > b.addedAt ? -1 : 0)],
  progress: ['By progress', (a, b) => a.progress - b.progress],
  speed: ['Fastest first', (a, b) => b.downloadRate + b.uploadRate - a.downloadRate - a.uploadRate],
};

export function torrentsView() {
  const search = h('input', { type: 'search', placeholder: 'Name or label', oninput: () => update() });
  const phase = h('select', { onchange: () => update() },
    ...['all', 'downloading', 'seeding', 'paused', 'queued', 'checking', 'finished', 'disk_error'].map((name) => h('option', { value: name }, sentence(name))));
  const order = h('select', { onchange: () => update() }, ...Object.entries(orders).map(([key, [name]]) => h('option', { value: key }, name)));
  const total = h('span', { class: 'muted', role: 'status' });
  const list = h('ul', { class: 'torrents card' });
  const empty = h('div', { class: 'card empty' }, h('strong', {}, 'No torrents yet'), 'Add one, or drop a torrent file anywhere on this page.');
  const none = h('div', { class: 'card empty' }, h('strong', {}, 'Nothing fits'), 'Other words or another state may.');
  const filters = h('div', { class: 'filters', role: 'search' },
    h('label', { class: 'grow' }, 'Search', search), h('label', {}, 'State', phase), h('label', {}, 'Order', order));
  const element = h('div', {}, h('div', { class: 'heading' }, h('h1', {}, 'Torrents'), total), filters, list, empty, none);
  const rows = new Keyed(list, (torrent) => torrent.id, makeRow, updateRow);

  function update() {
    const all = [...store.torrents.values()];
    const words = search.value.trim().toLowerCase();
    const wanted = all.filter((torrent) => (phase.value === 'all' || torrent.phase === phase.value)
      && (!words || torrent.name.toLowerCase().includes(words) || torrent.labels.some((label) => label.toLowerCase().includes(words))));
    wanted.sort((a, b) => orders[order.value][1](a, b) || a.id - b.id);
    rows.set(wanted);
    text(total, wanted.length === all.length ? count(all.length, 'torrent') : `${wanted.length} of ${count(all.length, 'torrent')}`);
    filters.hidden = all.length === 0;
    list.hidden = wanted.length === 0;
    empty.hidden = all.length > 0;
    none.hidden = all.length === 0 || wanted.length > 0;
  }

  return { element, update: (what) => (what.has('torrents') || what.has('all')) && update() };
}

function makeRow(torrent) {
  const name = h('a', { class: 'name', href: `#/torrents/${torrent.id}` });
  const phase = h('span', { class: 'badge' });
  const speed = h('span', { class: 'speed' });
  const progress = bar(torrent.name);
  const share = h('b');
  const facts = h('div', { class: 'facts' });
  const act = h('button', { type: 'button', class: 'quiet round act', onclick: () => toggle(row.torrent) });
  const sign = icon();
  act.append(sign.element);
  const row = {
    element: h('li', {}, h('article', { class: 'torrent' }, name, h('span', { class: 'phase' }, phase), speed, act,
      h('div', { class: 'progress' }, progress.element, share), facts)),
    name, phase, speed, progress, share, facts, act, sign, parts: [],
  };
  return row;
}

function updateRow(row, torrent) {
  // What changed is another object; of a thousand torrents few do at a time.
  if (row.torrent === torrent) return;
  row.torrent = torrent;
  text(row.name, torrent.name);
  text(row.phase, sentence(torrent.phase));
  attribute(row.phase, 'class', `badge ${phaseKind(torrent.phase)}`);
  text(row.speed, torrent.downloadRate + torrent.uploadRate > 0 ? speedOf(torrent) : '');
  row.progress.set(torrent.progress, barKind(torrent), `Progress of ${torrent.name}`);
  text(row.share, percent(torrent.progress));
  row.sign.set(torrent.isPaused ? 'play' : 'pause');
  attribute(row.act, 'aria-label', `${torrent.isPaused ? 'Resume' : 'Pause'} ${torrent.name}`);
  facts(row, torrent);
}

function facts(row, torrent) {
  const parts = [
    torrent.size === null ? 'Metadata is being fetched' : `${bytes(torrent.verified)} of ${bytes(torrent.wanted)}`,
    `${count(torrent.peers.running, 'peer')}${torrent.peers.seeds ? `, ${count(torrent.peers.seeds, 'seed')}` : ''}`,
    torrent.phase === 'downloading' && torrent.eta !== null ? `${duration(torrent.eta)} left` : '',
    torrent.uploaded > 0 ? `${bytes(torrent.uploaded)} sent` : '',
    torrent.faults > 0 ? count(torrent.faults, 'fault') : '',
  ].filter(Boolean);
  const key = JSON.stringify([parts, torrent.labels, torrent.error]);
  if (row.factsKey === key) return;
  row.factsKey = key;
  row.facts.replaceChildren(
    ...parts.map((part) => h('span', {}, part)),
    ...torrent.labels.map((label) => h('span', { class: 'label' }, label)),
    ...(torrent.error ? [h('span', { class: 'error' }, torrent.error)] : []),
  );
}

const speedOf = (torrent) => [torrent.downloadRate > 0 ? `↓ ${rate(torrent.downloadRate)}` : '', torrent.uploadRate > 0 ? `↑ ${rate(torrent.uploadRate)}` : '']
  .filter(Boolean).join('  ');

export function barKind(torrent) {
  if (torrent.phase === 'disk_error' || torrent.error) return 'bad';
  if (torrent.phase === 'paused' || torrent.phase === 'queued') return 'still';
  if (torrent.phase === 'checking') return 'warn';
  return torrent.progress >= 1 ? 'good' : '';
}

export const toggle = (torrent) => attempt(() => post(`/torrents/${torrent.id}/actions/${torrent.isPaused ? 'resume' : 'pause'}`));
