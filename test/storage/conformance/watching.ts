import { expect } from 'vitest';
import type { Bench } from './bench.ts';

/** What is told of changes while they happen (SD16). */
export function watchRules(bench: Bench): void {
  const { putOutside, kindOfFailure, has, testIf } = bench;

  testIf(has('watching'))('SD16 changes yields after an outside write and ends with its signal', async () => {
    const stop = new AbortController();
    const changes = bench.storage.changes(stop.signal)[Symbol.asyncIterator]();
    // The first look-out takes a moment to be set up, and what happens meanwhile may go unnoticed: so write until it is seen.
    let isSeen = false;
    const seen = (async () => {
      for (;;) {
        const next = await changes.next();
        if (next.done === true) throw new Error('ended before its signal');
        if (next.value.collection === bench.collection) return;
      }
    })().finally(() => {
      isSeen = true;
    });
    for (let round = 0; !isSeen; round += 1) {
      await putOutside(`round-${round}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await seen;
    stop.abort();
    for (;;) if ((await changes.next()).done === true) break;
  });

  testIf(has('watching'))('SD16 changes says first that anything may have changed', async () => {
    const stop = new AbortController();
    const changes = bench.storage.changes(stop.signal)[Symbol.asyncIterator]();
    expect(await changes.next()).toEqual({ done: false, value: { collection: undefined } });
    stop.abort();
    for (;;) if ((await changes.next()).done === true) break;
  });

  testIf(has('watching'))('SD16 changes ends at once where its signal was given before', async () => {
    for await (const change of bench.storage.changes(AbortSignal.abort())) expect(change).toBeUndefined();
  });

  testIf(!has('watching'))('SD16 changes is unsupported', async () => {
    const first = bench.storage.changes(new AbortController().signal)[Symbol.asyncIterator]().next();
    expect(await kindOfFailure(first)).toBe('unsupported');
  });
}
