// Starts the page: routes, header, drag and drop, dialogs.

import { Events, get } from './api.js';
import { startAdding } from './adding.js';
import { actorsView } from './actors.js';
import { chartsView } from './charts.js';
import { text } from './dom.js';
import { faultsView } from './faults.js';
import { rate } from './format.js';
import { changed, listen, loadFaults, onEvent, store, totals } from './store.js';
import { startTheme } from './theme.js';
import { torrentView } from './torrent.js';
import { torrentsView } from './torrents.js';

const main = document.getElementById('main');
let view = null;

const events = new Events(onEvent);

const routes = [
  { pattern: /^#?\/?$/, name: 'torrents', title: 'Torrents', open: () => torrentsView() },
  { pattern: /^#\/torrents\/(\d+)(?:\/(\w+))?$/, name: 'torrents', title: 'Torrent', open: (id, tab) => torrentView(Number(id), tab, events) },
  { pattern: /^#\/actors$/, name: 'actors', title: 'Actors', open: () => actorsView() },
  { pattern: /^#\/faults$/, name: 'faults', title: 'Faults', open: () => faultsView() },
  { pattern: /^#\/charts$/, name: 'charts', title: 'Charts', open: () => chartsView() },
];

function show(isFirst) {
  const route = routes.find((candidate) => candidate.pattern.test(location.hash)) ?? routes[0];
  const [, ...parts] = route.pattern.exec(location.hash) ?? [];
  // Another tab of the same torrent is no other page.
  if (view?.stay?.(...parts)) return;
  view?.close?.();
  events.watchPeers(null);
  view = route.open(...parts);
  view.name = route.name;
  main.replaceChildren(view.element);
  document.title = `${route.title} – ActorTorrent`;
  for (const link of document.querySelectorAll('nav [data-view]')) {
    if (link.dataset.view === route.name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  view.update?.(new Set(['all']));
  if (!isFirst) {
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

listen((what) => {
  if (what.has('torrents') || what.has('history')) {
    const now = totals();
    text(document.getElementById('down-rate'), rate(now.down));
    text(document.getElementById('up-rate'), rate(now.up));
  }
  if (what.has('online')) document.getElementById('offline').hidden = store.online;
  view?.update?.(what);
});

startTheme(document.getElementById('theme'), () => changed('theme'));
startAdding();
addEventListener('hashchange', () => show(false));
show(true);
loadFaults();
get('/session').then((session) => { store.session = session; changed('session'); }).catch(() => {});
