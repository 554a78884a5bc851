/** A moment as people write it, in their own time zone, to the second: `2026-11-22 14:03:05`. */
export function localTime(milliseconds: number): string {
  const at = new Date(milliseconds);
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(twoDigits).join('-');
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':')}`;
}

/** For programs. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** How long ago something was, roughly: `3 minutes ago`. */
export function timeAgo(milliseconds: number, now: number): string {
  const seconds = Math.round((now - milliseconds) / 1000);
  // A clock that was put back makes moments of the future.
  if (seconds < 0) return 'in the future';
  if (seconds < 60) return 'just now';
  const [size, unit] = UNITS.find(([most]) => seconds >= most) ?? [60, 'minute'];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
];

const twoDigits = (number: number): string => String(number).padStart(2, '0');
