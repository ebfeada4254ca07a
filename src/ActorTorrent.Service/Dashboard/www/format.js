// Numbers, times and words as people read them.

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytes(value) {
  if (value === null || value === undefined) return '–';
  let unit = 0;
  let number = value;
  while (number >= 1024 && unit < units.length - 1) {
    number /= 1024;
    unit++;
  }
  return `${unit === 0 ? Math.round(number) : number.toFixed(number < 10 ? 2 : number < 100 ? 1 : 0)} ${units[unit]}`;
}

export const rate = (value) => (value > 0 ? `${bytes(value)}/s` : '–');

export function percent(share) {
  const value = Math.floor(share * 1000) / 10;
  return `${value === 100 ? '100' : value.toFixed(1)} %`;
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return '–';
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}

export const clock = (time) => new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

export const moment = (time) => (time ? new Date(time).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }) : '–');

/** `hash_failure` as `hash failure`. */
export const words = (name) => name.replaceAll('_', ' ');

export const sentence = (name) => {
  const text = words(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

/** The colour that a torrent's phase has. */
export function phaseKind(phase) {
  switch (phase) {
    case 'downloading': case 'fetching_metadata': return 'info';
    case 'seeding': case 'finished': return 'good';
    case 'checking': case 'stopping': return 'warn';
    case 'disk_error': return 'bad';
    default: return '';
  }
}

export function actionKind(action) {
  return { restart: 'warn', resume: 'info', ban: 'bad', escalate: 'bad' }[action] ?? '';
}
