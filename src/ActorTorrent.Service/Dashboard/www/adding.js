// Adding torrents: by file, by magnet link, by dropping either on the page.

import { addFile, post } from './api.js';
import { toast } from './toast.js';

async function addAll(files, magnet, folder, paused) {
  const added = [];
  for (const file of files) {
    if (folder) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      let binary = '';
      for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
      added.push(await post('/torrents', { torrent: btoa(binary), folder, paused }));
    } else {
      added.push(await addFile(file, paused ? '?paused=true' : ''));
    }
  }
  if (magnet) added.push(await post('/torrents', { magnet, paused, ...(folder ? { folder } : {}) }));
  for (const torrent of added) toast(`Added ${torrent.name}`);
  return added;
}

export function startAdding() {
  const byId = (id) => document.getElementById(id);
  const dialog = byId('add-dialog');
  const files = byId('add-files');
  const magnet = byId('add-magnet');
  const folder = byId('add-folder');
  const paused = byId('add-paused');
  const error = byId('add-error');

  const open = () => {
    byId('add-form').reset();
    error.hidden = true;
    dialog.showModal();
  };
  byId('add').addEventListener('click', open);
  byId('add-cancel').addEventListener('click', () => dialog.close());
  byId('add-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    error.hidden = true;
    try {
      const link = magnet.value.trim();
      if (files.files.length === 0 && !link) throw new Error('Choose a torrent file, or paste a magnet link.');
      await addAll([...files.files], link, folder.value.trim(), paused.checked);
      dialog.close();
      location.hash = '#/';
    } catch (failure) {
      error.textContent = failure.message;
      error.hidden = false;
    }
  });

  const drop = byId('drop');
  let depth = 0;
  const isOurs = (event) => [...event.dataTransfer.types].some((type) => type === 'Files' || type === 'text/uri-list' || type === 'text/plain');
  addEventListener('dragenter', (event) => {
    if (!isOurs(event)) return;
    depth++;
    drop.hidden = false;
  });
  addEventListener('dragleave', () => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) drop.hidden = true;
  });
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', async (event) => {
    event.preventDefault();
    depth = 0;
    drop.hidden = true;
    const dropped = [...event.dataTransfer.files];
    const link = dropped.length === 0 ? event.dataTransfer.getData('text').trim() : '';
    if (dropped.length === 0 && !link) return;
    try {
      await addAll(dropped, link, '', false);
    } catch (failure) {
      toast(failure.message);
    }
  });
}
