// What is known of the service, and who wants to hear of changes. Changes are told once a frame.

import { get } from './api.js';

const historySeconds = 300;

export const store = {
  torrents: new Map(),
  faults: [],
  peers: new Map(),
  history: [],
  online: true,
};

const listeners = new Set();
const pending = new Set();

export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function changed(what) {
  if (pending.size === 0) {
    // A hidden page draws nothing, but must not gather for ever.
    const tell = () => {
      const told = new Set(pending);
      pending.clear();
      for (const listener of listeners) listener(told);
    };
    if (document.hidden) setTimeout(tell, 500);
    else requestAnimationFrame(tell);
  }
  pending.add(what);
}

export function onEvent(name, data) {
  switch (name) {
    case 'torrents':
      store.torrents = new Map(data.map((torrent) => [torrent.id, torrent]));
      changed('torrents');
      break;
    case 'torrent':
      store.torrents.set(data.id, data);
      changed('torrents');
      break;
    case 'removed':
      store.torrents.delete(data.id);
      changed('torrents');
      break;
    case 'peers':
      store.peers.set(data.id, data.peers);
      changed('peers');
      break;
    case 'fault':
      addFaults([data]);
      break;
    case 'gap':
      loadFaults();
      break;
    case 'online': case 'offline':
      store.online = name === 'online';
      changed('online');
      break;
  }
}

function addFaults(faults) {
  const last = store.faults.at(-1)?.number ?? 0;
  store.faults.push(...faults.filter((fault) => fault.number > last));
  if (store.faults.length > 5000) store.faults.splice(0, store.faults.length - 5000);
  changed('faults');
}

export async function loadFaults() {
  const after = store.faults.at(-1)?.number ?? 0;
  try {
    addFaults(await get(`/faults?after=${after}&limit=2000`));
  } catch { /* the banner says that the service does not answer */ }
}

export const totals = () => [...store.torrents.values()].reduce(
  (sum, torrent) => ({
    down: sum.down + torrent.downloadRate,
    up: sum.up + torrent.uploadRate,
    running: sum.running + torrent.peers.running,
    connecting: sum.connecting + torrent.peers.connecting,
    waiting: sum.waiting + torrent.peers.waiting,
  }),
  { down: 0, up: 0, running: 0, connecting: 0, waiting: 0 },
);

function sample() {
  store.history.push({ at: Date.now(), ...totals() });
  if (store.history.length > historySeconds) store.history.shift();
  changed('history');
}

setInterval(sample, 1000);
