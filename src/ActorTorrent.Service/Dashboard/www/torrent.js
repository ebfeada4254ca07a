// One torrent: what it is about, and tabs for pieces, files, peers, trackers and faults.

import { get, patch, post, remove } from './api.js';
import { attribute, bar, dataTable, h, Keyed, row as tableRow, text } from './dom.js';
import { faultList } from './faults.js';
import { bytes, clock, count, duration, moment, percent, phaseKind, rate, sentence, words } from './format.js';
import { pieceMap } from './pieces.js';
import { store } from './store.js';
import { attempt } from './toast.js';
import { barKind, toggle } from './torrents.js';

const tabs = ['pieces', 'files', 'peers', 'trackers', 'faults'];
const everySeconds = 2;

export function torrentView(id, tab, events) {
  const title = h('h1', { class: 'wrap' });
  const phase = h('span', { class: 'badge' });
  const pause = h('button', { type: 'button', onclick: () => toggle(store.torrents.get(id)) });
  const actions = h('div', { class: 'actions' }, pause,
    h('button', { type: 'button', onclick: () => attempt(() => post(`/torrents/${id}/actions/verify`), 'Verifying') }, 'Verify'),
    h('button', { type: 'button', onclick: () => attempt(() => post(`/torrents/${id}/actions/reannounce`), 'Asking the trackers') }, 'Announce'),
    h('button', { type: 'button', onclick: () => askToRemove(id) }, 'Remove…'));
  const progress = bar('Progress');
  const facts = h('dl', { class: 'facts-grid' });
  const values = new Map();
  const list = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Parts of this torrent' });
  const panel = h('div', { class: 'panel card', role: 'tabpanel', id: 'panel', tabindex: '0' });
  const body = h('div', {}, h('div', { class: 'heading' }, title, phase, actions), h('div', { class: 'card' }, h('div', { class: 'overall' }, progress.element), facts), list, panel);
  const missing = h('div', { class: 'card empty', hidden: true }, h('strong', {}, 'This torrent is not here'), 'It may have been removed.');
  const element = h('div', {}, h('p', { class: 'crumb' }, h('a', { href: '#/' }, '← All torrents')), body, missing);
  let part = null;
  let timer = null;

  for (const name of tabs) {
    list.append(h('button', {
      type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': 'panel',
      onclick: () => { location.hash = `#/torrents/${id}/${name}`; },
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = tabs[(tabs.indexOf(name) + step + tabs.length) % tabs.length];
        location.hash = `#/torrents/${id}/${next}`;
        document.getElementById(`tab-${next}`).focus();
      },
    }, sentence(name)));
  }

  function open(name) {
    tab = tabs.includes(name) ? name : 'pieces';
    for (const button of list.children) {
      const isOpen = button.id === `tab-${tab}`;
      attribute(button, 'aria-selected', String(isOpen));
      attribute(button, 'tabindex', isOpen ? '0' : '-1');
    }
    attribute(panel, 'aria-labelledby', `tab-${tab}`);
    part?.close?.();
    part = parts[tab](id);
    panel.replaceChildren(part.element);
    events.watchPeers(tab === 'peers' ? id : null);
    part.update?.(new Set(['all']));
    clearInterval(timer);
    if (part.load) {
      const load = () => store.torrents.has(id) && part.load().catch(() => {});
      load();
      timer = setInterval(load, everySeconds * 1000);
    }
  }

  function fact(name, value, isWide) {
    let dd = values.get(name);
    if (!dd) {
      dd = h('dd');
      values.set(name, dd);
      facts.append(h('div', { class: isWide ? 'wide' : '' }, h('dt', {}, name), dd));
    }
    text(dd, value);
  }

  function update(what) {
    const torrent = store.torrents.get(id);
    body.hidden = !torrent;
    missing.hidden = Boolean(torrent);
    if (torrent && (what.has('torrents') || what.has('all'))) {
      text(title, torrent.name);
      text(phase, sentence(torrent.phase));
      attribute(phase, 'class', `badge ${phaseKind(torrent.phase)}`);
      text(pause, torrent.isPaused ? 'Resume' : 'Pause');
      progress.set(torrent.progress, barKind(torrent), `Progress of ${torrent.name}`);
      fact('Progress', percent(torrent.progress));
      fact('Verified', `${bytes(torrent.verified)} of ${bytes(torrent.wanted)}`);
      fact('Download', rate(torrent.downloadRate));
      fact('Upload', rate(torrent.uploadRate));
      fact('Time left', torrent.progress >= 1 ? 'complete' : duration(torrent.eta));
      fact('Received', bytes(torrent.downloaded));
      fact('Sent', bytes(torrent.uploaded));
      fact('In vain', bytes(torrent.wasted));
      fact('Peers', `${torrent.peers.running} of ${torrent.peers.known} known`);
      fact('Swarm', torrent.swarm ? `${count(torrent.swarm.seeders, 'seed')}, ${count(torrent.swarm.leechers, 'leecher')}` : '–');
      fact('Faults', torrent.faults.toLocaleString('en'));
      fact('Added', moment(torrent.addedAt));
      if (torrent.error) fact('Trouble', torrent.error, true);
      fact('Folder', torrent.folder, true);
      fact('Info hash', torrent.infoHash, true);
      if (torrent.comment) fact('Comment', torrent.comment, true);
    }
    part?.update?.(what);
  }

  open(tab);
  return {
    element,
    update,
    stay(otherId, otherTab) {
      if (Number(otherId) !== id) return false;
      open(otherTab);
      return true;
    },
    close() {
      clearInterval(timer);
      part?.close?.();
    },
  };
}

const parts = {
  pieces: (id) => pieceMap(id),
  files: (id) => filesPart(id),
  peers: (id) => peersPart(id),
  trackers: (id) => trackersPart(id),
  faults: (id) => {
    const list = faultList((fault) => fault.torrent === store.torrents.get(id)?.infoHash);
    return { element: list.element, update: list.update };
  },
};

function table(caption, heads) {
  const rows = h('tbody', { role: 'rowgroup' });
  return {
    rows,
    element: dataTable('stack-up', caption, heads, rows),
  };
}

function filesPart(id) {
  const { element, rows } = table('Files', [['File'], ['Size', 'num'], ['Progress'], ['Priority'], ['Content']]);
  const list = new Keyed(rows, (file) => file.index, (file) => {
    const progress = bar(`Progress of ${file.path}`);
    const select = h('select', {
      'aria-label': `Priority of ${file.path}`,
      onchange: () => attempt(() => patch(`/torrents/${id}`, { files: { [file.index]: select.value } })),
    }, ...['high', 'normal', 'low', 'skip'].map((name) => h('option', { value: name }, sentence(name))));
    const open = h('a', { href: file.content, target: '_blank', rel: 'noopener' }, 'Open', h('span', { class: 'hidden' }, ` ${file.path}`));
    return {
      progress, select,
      element: tableRow(h('td', { class: 'path' }, file.path), h('td', { class: 'num', 'data-label': 'Size' }, bytes(file.size)),
        h('td', { 'data-label': 'Progress' }, progress.element), h('td', { 'data-label': 'Priority' }, select), h('td', { 'data-label': 'Content' }, open)),
    };
  }, (row, file) => {
    row.progress.set(file.size === 0 ? 1 : file.verified / file.size, file.verified >= file.size ? 'good' : '');
    if (document.activeElement !== row.select) row.select.value = file.priority;
  });
  return { element, load: async () => list.set(await get(`/torrents/${id}/files`)) };
}

const flagWords = {
  D: 'we download', d: 'it chokes us', U: 'we upload', u: 'we choke it', O: 'unchoked by turn', S: 'snubs us', I: 'it dialled us',
  H: 'from the DHT', X: 'from other peers', L: 'local',
};

function peersPart(id) {
  const { element: grid, rows } = table('Peers', [['Peer'], ['State'], ['Flags'], ['Has', 'num'], ['Down', 'num'], ['Up', 'num'], ['Source'], ['Last fault']]);
  const empty = h('div', { class: 'empty' }, h('strong', {}, 'No peers now'), 'They show here as soon as one is dialled or dials.');
  const list = new Keyed(rows, (peer) => peer.address, () => {
    const cells = {
      who: h('td', { class: 'path' }), state: h('td', { 'data-label': 'State' }), flags: h('td', { 'data-label': 'Flags' }),
      has: h('td', { class: 'num', 'data-label': 'Has' }), down: h('td', { class: 'num', 'data-label': 'Down' }),
      up: h('td', { class: 'num', 'data-label': 'Up' }), source: h('td', { 'data-label': 'Source' }), fault: h('td', { 'data-label': 'Last fault' }),
    };
    const badge = h('span', { class: 'badge' });
    cells.state.append(badge);
    const address = h('span', { class: 'nowrap' });
    const client = h('div', { class: 'muted small' });
    const who = h('div', {}, address, client);
    cells.who.append(who);
    return { element: tableRow(...Object.values(cells)), ...cells, badge, address, client };
  }, (row, peer) => {
    text(row.address, peer.address);
    text(row.client, peer.client ?? 'not introduced yet');
    text(row.badge, sentence(peer.isSeed && peer.state === 'running' ? 'seed' : peer.state));
    attribute(row.badge, 'class', `badge ${peer.state === 'running' ? 'good' : peer.state === 'waiting' ? '' : 'info'}`);
    text(row.flags, peer.flags || '–');
    attribute(row.flags, 'title', [...peer.flags].map((flag) => flagWords[flag] ?? flag).join(', '));
    text(row.has, peer.state === 'running' ? percent(peer.progress) : '–');
    text(row.down, rate(peer.downloadRate));
    text(row.up, rate(peer.uploadRate));
    text(row.source, peer.sources.map(words).join(', '));
    text(row.fault, peer.lastFault ? `${words(peer.lastFault)}${peer.failures > 1 ? ` (${peer.failures} in a row)` : ''}` : '–');
  });
  const legend = h('p', { class: 'pieces muted small' }, Object.entries(flagWords).map(([flag, meaning]) => `${flag} ${meaning}`).join(' · '));
  const show = (peers) => {
    const order = { running: 0, handshaking: 1, connecting: 2, waiting: 3 };
    list.set([...peers].sort((a, b) => order[a.state] - order[b.state] || b.downloadRate - a.downloadRate || a.address.localeCompare(b.address)));
    grid.hidden = peers.length === 0;
    legend.hidden = peers.length === 0;
    empty.hidden = peers.length > 0;
  };
  show(store.peers.get(id) ?? []);
  get(`/torrents/${id}/peers`).then(show).catch(() => {});
  return {
    element: h('div', { class: 'scroll' }, grid, legend, empty),
    update: (what) => what.has('peers') && store.peers.has(id) && show(store.peers.get(id)),
  };
}

function trackersPart(id) {
  const { element: grid, rows } = table('Trackers', [['Tracker'], ['State'], ['Seeds', 'num'], ['Leechers', 'num'], ['Asked'], ['Next']]);
  const empty = h('div', { class: 'empty' }, h('strong', {}, 'No trackers'), 'Peers come from the DHT, from other peers and the local network.');
  const list = new Keyed(rows, (tracker) => tracker.url, (tracker) => {
    const row = {
      state: h('td', { 'data-label': 'State' }), seeds: h('td', { class: 'num', 'data-label': 'Seeds' }),
      leechers: h('td', { class: 'num', 'data-label': 'Leechers' }), asked: h('td', { 'data-label': 'Asked', class: 'nowrap' }),
      next: h('td', { 'data-label': 'Next', class: 'nowrap' }),
    };
    row.element = tableRow(h('td', { class: 'path' }, tracker.url), ...Object.values(row));
    return row;
  }, (row, tracker) => {
    text(row.state, tracker.error ?? tracker.warning ?? (tracker.announcedAt ? `works, ${count(tracker.peers, 'peer')}` : 'not asked yet'));
    attribute(row.state, 'class', tracker.error ? 'error wrap' : 'wrap');
    text(row.seeds, tracker.seeders === null ? '–' : String(tracker.seeders));
    text(row.leechers, tracker.leechers === null ? '–' : String(tracker.leechers));
    text(row.asked, tracker.announcedAt ? clock(tracker.announcedAt) : '–');
    text(row.next, tracker.nextAnnounceAt ? clock(tracker.nextAnnounceAt) : '–');
  });
  return {
    element: h('div', { class: 'scroll' }, grid, empty),
    load: async () => {
      const trackers = await get(`/torrents/${id}/trackers`);
      list.set(trackers);
      grid.hidden = trackers.length === 0;
      empty.hidden = trackers.length > 0;
    },
  };
}

function askToRemove(id) {
  const dialog = document.getElementById('remove-dialog');
  const form = document.getElementById('remove-form');
  const data = document.getElementById('remove-data');
  data.checked = false;
  text(document.getElementById('remove-name'), store.torrents.get(id)?.name ?? '');
  document.getElementById('remove-cancel').onclick = () => dialog.close();
  form.onsubmit = (event) => {
    event.preventDefault();
    dialog.close();
    attempt(() => remove(`/torrents/${id}${data.checked ? '?withData=true' : ''}`), 'Removed').then(() => { location.hash = '#/'; });
  };
  dialog.showModal();
}
