import { describe, expect, test } from 'vitest';
import { StorageError, type StorageErrorKind } from '../../../src/model/errors.ts';
import { type Href, href } from '../../../src/model/names.ts';
import { retrying } from '../../../src/storage/decorators/retrying.ts';
import { storageErrorFrom } from '../../../src/storage/http-error.ts';
import { MemoryStorage } from '../../../src/storage/memory/memory-storage.ts';
import type { Clock } from '../../../src/system/clock.ts';
import { httpErrorFrom } from '../../../src/system/http-failure.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { itemText } from '../../support/item-text.ts';
import { memorySubject } from '../../support/memory-subject.ts';
import { vdirSubject } from '../../support/vdir-subject.ts';
import { conformanceOf } from '../conformance.ts';

/** Lets everyone sleep as long as they like in no time. */
function hastyClock(): Clock & { readonly sleepsMs: readonly number[] } {
  const sleepsMs: number[] = [];
  return {
    sleepsMs,
    now: () => 0,
    async sleep(ms) {
      sleepsMs.push(ms);
    },
  };
}

/** Fails every second read. */
const flaky = async () => {
  const subject = await memorySubject();
  let reads = 0;
  subject.storage.onStep = ({ name, phase }) => {
    if (phase !== 'before' || !['check', 'discover', 'find', 'look', 'fetch', 'confirmGone'].includes(name)) return;
    reads += 1;
    if (reads % 2 === 1) throw new StorageError('unavailable', 'the network is down');
  };
  return subject;
};

conformanceOf('memory behind a bad network, retrying', async () => {
  const subject = await flaky();
  return { ...subject, storage: retrying(subject.storage, hastyClock()) };
});

conformanceOf(
  'vdir, retrying',
  async () => {
    const subject = await vdirSubject();
    return { ...subject, storage: retrying(subject.storage, hastyClock()) };
  },
  { lacks: ['checkpoints'] },
);

describe('a retrying storage', () => {
  const failing = (kind: StorageErrorKind, times: number, retryAfterS?: number) => {
    let calls = 0;
    const storage = new MemoryStorage({
      onStep: ({ phase }) => {
        if (phase !== 'before') return;
        calls += 1;
        if (calls > times) return;
        throw new StorageError(kind, 'not now', retryAfterS === undefined ? {} : { retryAfterS });
      },
    });
    const collection = storage.userMakeCollection('work');
    return { storage, collection, calls: () => calls };
  };

  test('repeats a read with longer and longer waits, and then gives up', async () => {
    const { storage, calls } = failing('unavailable', 9);
    const clock = hastyClock();
    await expect(retrying(storage, clock).discover()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(calls()).toBe(3);
    expect(clock.sleepsMs).toEqual([1000, 4000]);
  });

  test('waits as long as it is asked to, but not for ever', async () => {
    const clock = hastyClock();
    expect(await retrying(failing('overloaded', 1, 30).storage, clock).discover()).toHaveLength(1);
    expect(clock.sleepsMs).toEqual([30_000]);
    const patient = failing('overloaded', 1, 3600);
    await expect(retrying(patient.storage, clock).discover()).rejects.toMatchObject({ retryAfterS: 3600 });
    expect(patient.calls()).toBe(1);
  });

  test('does not repeat what fails the same way again', async () => {
    for (const kind of ['not-found', 'denied', 'invalid-data'] as const) {
      const { storage, calls } = failing(kind, 1);
      await expect(retrying(storage, hastyClock()).discover()).rejects.toMatchObject({ kind });
      expect(calls()).toBe(1);
    }
  });

  test.each([
    ['ENOTFOUND', 1],
    ['CERT_HAS_EXPIRED', 1],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 1],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 1],
    // The name server may answer in a moment, as a laptop that just woke up knows; the others may be back, too.
    ['EAI_AGAIN', 3],
    ['ECONNREFUSED', 3],
    ['ECONNRESET', 3],
  ])('after %s asks this often in all: %i', async (code, times) => {
    const failed = Object.assign(new Error('what Node says'), { code });
    const cause = httpErrorFrom(failed, new URL('https://dav.example/'), 30_000);
    let calls = 0;
    const storage = new MemoryStorage({
      onStep: ({ phase }) => {
        if (phase !== 'before') return;
        calls += 1;
        throw storageErrorFrom(cause, 'list');
      },
    });
    await expect(retrying(storage, hastyClock()).discover()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(calls).toBe(times);
  });

  test('SR5 never repeats a write', async () => {
    const { storage, collection, calls } = failing('unavailable', 1);
    const target = { type: 'href', href: href('/new') } as const;
    await expect(retrying(storage, hastyClock()).createCollection(target)).rejects.toMatchObject({
      kind: 'unavailable',
    });
    await retrying(storage, hastyClock()).deleteCollection(collection);
    expect(calls()).toBe(2);
  });

  test('SD3 a fetch that fails in the middle goes on where it was', async () => {
    const storage = new MemoryStorage();
    const collection = storage.userMakeCollection('work');
    const put = ['one', 'two', 'three'].map((uid) =>
      storage.userPut(collection, undefined, itemText('calendar', uid, 'As it was')),
    );
    const asked: (readonly Href[])[] = [];
    /** Gives one item, and then the connection is gone. */
    class Breaking extends MemoryStorage {
      override async *fetch(at: Href, hrefs: readonly Href[]) {
        asked.push(hrefs);
        yield* storage.fetch(at, hrefs.slice(0, 1));
        if (hrefs.length > 1) throw new StorageError('unavailable', 'the connection is gone');
      }
    }
    const found: Href[] = [];
    for await (const one of retrying(new Breaking(), hastyClock()).fetch(collection, put)) found.push(one.href);
    expect(found).toEqual(put);
    expect(asked).toEqual([put, put.slice(1), put.slice(2)]);
  });

  test('closing ends the waiting', async () => {
    const { storage } = failing('unavailable', 1);
    const clock = fakeClock();
    const closing = retrying(storage, clock);
    const read = closing.discover();
    const ended = expect(read).rejects.toMatchObject({ kind: 'unavailable' });
    while (clock.sleepers() === 0) await new Promise((resolve) => setImmediate(resolve));
    await closing.close();
    await ended;
  });
});
