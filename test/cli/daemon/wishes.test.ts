import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Wishes } from '../../../src/cli/daemon/wishes.ts';

function begin() {
  const listeners = new Map<string, () => void>();
  const wishes = new Wishes({ onSignal: (name, listener) => void listeners.set(name, listener) });
  return { wishes, send: (name: string) => listeners.get(name)?.() };
}

describe('a wish', () => {
  test('to sync is heard by who listens at that time', () => {
    const { wishes, send } = begin();
    let count = 0;
    send('SIGUSR1');
    const stop = wishes.onSync(() => {
      count += 1;
    });
    send('SIGUSR1');
    stop();
    send('SIGUSR1');
    expect(count).toBe(1);
  });

  test('to read the configuration is not forgotten where nobody waits for one, and is granted once', async () => {
    const { wishes, send } = begin();
    const stop = new AbortController();
    send('SIGHUP');
    send('SIGHUP');
    await wishes.reload(stop.signal);
    let isGranted = false;
    const second = wishes.reload(stop.signal).then(() => {
      isGranted = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isGranted).toBe(false);
    send('SIGHUP');
    await second;
  });

  test('leaves no listener behind when it is granted', async () => {
    const { wishes, send } = begin();
    const { signal } = new AbortController();
    for (let n = 0; n < 20; n += 1) {
      const granted = wishes.reload(signal);
      send('SIGHUP');
      await granted;
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('is waited for until the signal', async () => {
    const { wishes } = begin();
    const stop = new AbortController();
    const waiting = wishes.reload(stop.signal);
    stop.abort();
    await waiting;
    await wishes.reload(AbortSignal.abort());
  });
});
