// The REST API and its stream of events.

const root = '/api/v1';

export class ApiError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function send(method, path, body, type = 'application/json') {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = type;
  const response = await fetch(root + path, {
    method, headers, body: body === undefined || body instanceof Blob ? body : JSON.stringify(body), credentials: 'same-origin',
  });
  if (response.ok) return response.status === 204 ? null : response.json();
  let detail = `${response.status} ${response.statusText}`;
  try {
    const problem = await response.json();
    detail = problem.detail ?? problem.title ?? detail;
  } catch { /* no problem document: the status says it */ }
  throw new ApiError(response.status, detail);
}

export const get = (path) => send('GET', path);
export const post = (path, body) => send('POST', path, body);
export const patch = (path, body) => send('PATCH', path, body);
export const remove = (path) => send('DELETE', path);
export const addFile = (file, query = '') => send('POST', `/torrents${query}`, file, 'application/x-bittorrent');

/** Listens to events, and goes on where it was when the connection or the view changes. */
export class Events {
  constructor(on) {
    this.on = on;
    this.last = '';
    this.peers = null;
    this.open();
  }

  /** Wants the peers of one torrent, too; null for none. */
  watchPeers(id) {
    if (this.peers === id) return;
    this.peers = id;
    this.open();
  }

  open() {
    this.source?.close();
    const query = new URLSearchParams();
    if (this.peers !== null) query.set('peers', this.peers);
    if (this.last) query.set('after', this.last);
    const source = new EventSource(`${root}/events?${query}`);
    this.source = source;
    for (const name of ['torrents', 'torrent', 'removed', 'peers', 'fault', 'gap']) {
      source.addEventListener(name, (event) => {
        if (event.lastEventId) this.last = event.lastEventId;
        this.on(name, JSON.parse(event.data));
      });
    }
    source.onopen = () => this.on('online');
    source.onerror = () => {
      this.on('offline');
      // The browser tries again by itself unless it was refused for good.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.source === source && this.open(), 3000);
    };
  }
}
