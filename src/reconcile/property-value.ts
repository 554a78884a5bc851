import type { PropertyName } from '../model/collection.ts';
import { cssColors } from './css-colors.ts';

/** Whether two values of a property mean the same: trimmed, an empty one like none, colours by what they show. */
export function sameValue(name: PropertyName, x: string | undefined, y: string | undefined): boolean {
  return normalised(name, x) === normalised(name, y);
}

function normalised(name: PropertyName, value: string | undefined): string | undefined {
  const text = value?.trim();
  if (text === undefined || text === '') return undefined;
  if (name === 'color') return normalisedColor(text);
  return name === 'order' && /^[+-]?\d{1,15}$/.test(text) ? String(Number(text)) : text;
}

/** `#rrggbb`, followed by the alpha only where it is not opaque; what is no colour stays as it is. */
function normalisedColor(text: string): string {
  const lower = text.toLowerCase();
  const named = cssColors.get(lower) ?? cssColors.get(lower.replace(/^#/, ''));
  if (named !== undefined) return named;
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])([0-9a-f])?$/.exec(lower);
  const long =
    short === null
      ? lower
      : `#${short
          .slice(1)
          .map((digit) => (digit ?? '').repeat(2))
          .join('')}`;
  if (!/^#([0-9a-f]{6}|[0-9a-f]{8})$/.test(long)) return text;
  return long.length === 9 && long.endsWith('ff') ? long.slice(0, 7) : long;
}
