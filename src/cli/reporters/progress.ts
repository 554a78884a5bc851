import type { SyncEvent } from '../../sync/events.ts';
import type { Print } from '../print.ts';
import { placeOf } from './sentences.ts';

interface Running {
  readonly collection: string;
  readonly total: number;
  readonly beganAt: number;
  done: number;
}

/** Fewer than a terminal can show, and more than an eye can follow. */
const DRAW_EVERY_MS = 100;

/** A line a running pair at the foot of the terminal: collection, done, total, rate. `now` in milliseconds. */
export function progressReporter(print: Print, now: () => number): (event: SyncEvent) => void {
  const running = new Map<string, Running>();
  let drawnAt = Number.NEGATIVE_INFINITY;
  const draw = (): void => {
    drawnAt = now();
    print.foot([...running].map(([pair, each]) => progressLine(pair, each, drawnAt)));
  };
  return (event) => {
    switch (event.type) {
      case 'collection-begins':
        running.set(event.pair, { collection: event.collection, total: event.total, beganAt: now(), done: 0 });
        break;
      case 'action': {
        const each = running.get(event.pair);
        if (each?.collection === event.action.collection && event.action.subject.type !== 'property') each.done += 1;
        break;
      }
      case 'summary':
        running.delete(event.pair);
        draw();
        return;
      default:
        return;
    }
    if (now() - drawnAt >= DRAW_EVERY_MS) draw();
  };
}

function progressLine(pair: string, { collection, total, beganAt, done }: Running, now: number): string {
  const seconds = (now - beganAt) / 1000;
  const rate = seconds < 1 ? '' : `, ${Math.round(done / seconds)}/s`;
  return `${placeOf(pair, collection)}: ${done}/${total}${rate}`;
}
