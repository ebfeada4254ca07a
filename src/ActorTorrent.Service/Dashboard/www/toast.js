// Short messages that go by themselves; screen readers hear them.

import { h } from './dom.js';

export function toast(message) {
  const element = h('p', { class: 'toast' }, message);
  document.getElementById('toasts').append(element);
  setTimeout(() => element.remove(), 6000);
}

/** Does something a user asked for, and says so when it fails. */
export async function attempt(work, done) {
  try {
    const result = await work();
    if (done) toast(done);
    return result;
  } catch (error) {
    toast(error.message);
    return null;
  }
}
