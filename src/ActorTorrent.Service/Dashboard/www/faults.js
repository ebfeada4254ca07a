// The fault journal with filters.

import { attribute, h, Keyed, text } from './dom.js';
import { actionKind, clock, count, duration, sentence, words } from './format.js';
import { store } from './store.js';

const mostShown = 400;
const named = { manual: 'the user', tracker: 'a tracker', lsd: 'the local network', dht: 'the DHT', pex: 'other peers' };

export function faultsView() {
  const choice = (label, key) => {
    const select = h('select', { onchange: () => list.update(new Set(['all'])) });
    return { key, select, label: h('label', {}, label, select) };
  };
  const choices = [choice('Cause', 'cause'), choice('What followed', 'action'), choice('Phase', 'phase'), choice('Torrent', 'torrent')];
  const search = h('input', { type: 'search', placeholder: 'Address, client or words', oninput: () => list.update(new Set(['all'])) });
  const total = h('span', { class: 'muted', role: 'status' });
  const list = faultList((fault) => {
    const query = search.value.trim().toLowerCase();
    return choices.every(({ key, select }) => !select.value || fault[key] === select.value)
      && (!query || `${fault.address} ${fault.client ?? ''} ${fault.detail}`.toLowerCase().includes(query));
  }, (shown) => text(total, shown === store.faults.length ? count(shown, 'fault') : `${shown} of ${count(store.faults.length, 'fault')}`));
  const element = h('div', {}, h('div', { class: 'heading' }, h('h1', {}, 'Faults'), total),
    h('div', { class: 'filters', role: 'search' }, h('label', { class: 'grow' }, 'Search', search), ...choices.map(({ label }) => label)),
    h('div', { class: 'card' }, list.element));

  function update(what) {
    if (!what.has('faults') && !what.has('all')) return;
    for (const { key, select } of choices) {
      const values = [...new Set(store.faults.map((fault) => fault[key]))].sort();
      if (select.dataset.values === values.join()) continue;
      select.dataset.values = values.join();
      const chosen = select.value;
      const name = (value) => (key === 'torrent' ? [...store.torrents.values()].find((torrent) => torrent.infoHash === value)?.name ?? value.slice(0, 8) : sentence(value));
      select.replaceChildren(h('option', { value: '' }, 'All'), ...values.map((value) => h('option', { value }, name(value))));
      select.value = values.includes(chosen) ? chosen : '';
    }
    list.update(what);
  }

  return { element, update };
}

/** A list of faults, the newest first. */
export function faultList(isWanted, onCount = () => {}) {
  const rows = h('ul');
  const empty = h('div', { class: 'empty' }, h('strong', {}, 'No faults'), 'When a peer fails, what was seen and what followed stands here.');
  const list = new Keyed(rows, (fault) => fault.number, (fault) => ({
    element: h('li', { class: 'fault' },
      h('time', { datetime: fault.time }, clock(fault.time)),
      h('div', { class: 'who' }, fault.address, h('span', {}, fault.client ?? (fault.direction === 'incoming' ? 'it dialled us' : `we dialled, named by ${named[fault.source] ?? words(fault.source)}`))),
      h('div', { class: 'what' }, `${sentence(fault.phase)}: ${words(fault.cause)}`, h('span', {}, fault.detail)),
      h('div', { class: 'then' }, h('span', { class: `badge ${actionKind(fault.action)}` }, sentence(fault.action)),
        h('div', { class: 'muted small' }, after(fault)))),
  }), () => {});

  return {
    element: h('div', {}, rows, empty),
    update(what) {
      if (!what.has('faults') && !what.has('all')) return;
      const wanted = store.faults.filter(isWanted);
      list.set(wanted.slice(-mostShown).reverse());
      empty.hidden = wanted.length > 0;
      attribute(rows, 'aria-label', `Faults, ${wanted.length}`);
      onCount(wanted.length);
    },
  };
}

const after = (fault) => [
  fault.delay > 0 ? `again in ${duration(fault.delay)}` : '',
  fault.blocksReturned > 0 ? `${count(fault.blocksReturned, 'block')} returned` : '',
].filter(Boolean).join(', ');
