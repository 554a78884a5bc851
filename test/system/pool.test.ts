import { expect, test } from 'vitest';
import { forEachAtOnce } from '../../src/system/pool.ts';

/** Work that ends when the test says so. */
function gates() {
  const started: number[] = [];
  const open = new Map<number, { readonly resolve: () => void; readonly reject: (error: Error) => void }>();
  return {
    started,
    work: (item: number): Promise<void> => {
      started.push(item);
      return new Promise((resolve, reject) => open.set(item, { resolve, reject }));
    },
    end: (item: number): void => open.get(item)?.resolve(),
    fail: (item: number, error: Error): void => open.get(item)?.reject(error),
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('runs no more than the limit at once, and starts the next as one ends', async () => {
  const { started, work, end } = gates();
  const all = forEachAtOnce([1, 2, 3, 4], 2, work);
  await settle();
  expect(started).toEqual([1, 2]);
  end(2);
  await settle();
  expect(started).toEqual([1, 2, 3]);
  end(1);
  await settle();
  expect(started).toEqual([1, 2, 3, 4]);
  end(3);
  end(4);
  await all;
});

test('takes from an iterable only what there is room for', async () => {
  let taken = 0;
  function* numbers() {
    for (;;) {
      taken += 1;
      yield taken;
    }
  }
  const abort = new AbortController();
  const { work, end } = gates();
  const all = forEachAtOnce(numbers(), 3, work, abort.signal);
  await settle();
  expect(taken).toBe(3);
  abort.abort();
  for (const item of [1, 2, 3]) end(item);
  await all;
  expect(taken).toBe(3);
});

test('the first error stops the start of others, waits for those under way, and is thrown', async () => {
  const { started, work, end, fail } = gates();
  let ended = false;
  const all = forEachAtOnce([1, 2, 3, 4], 2, work).finally(() => {
    ended = true;
  });
  const caught = all.catch((error: unknown) => error);
  await settle();
  fail(1, new Error('first'));
  await settle();
  expect(ended).toBe(false);
  fail(2, new Error('second'));
  expect(await caught).toEqual(new Error('first'));
  expect(started).toEqual([1, 2]);
  end(3);
});

test('an error of the iterable is thrown after those under way', async () => {
  const { work, end } = gates();
  function* broken() {
    yield 1;
    throw new Error('no more');
  }
  let ended = false;
  const caught = forEachAtOnce(broken(), 4, work)
    .finally(() => {
      ended = true;
    })
    .catch((error: unknown) => error);
  await settle();
  expect(ended).toBe(false);
  end(1);
  expect(await caught).toEqual(new Error('no more'));
});

test('an abort starts no others, closes the iterable, and returns when those under way are done', async () => {
  const abort = new AbortController();
  const { started, work, end } = gates();
  let closed = false;
  function* numbers() {
    try {
      yield* [1, 2, 3];
    } finally {
      closed = true;
    }
  }
  const all = forEachAtOnce(numbers(), 1, work, abort.signal);
  await settle();
  abort.abort();
  end(1);
  await all;
  expect(started).toEqual([1]);
  expect(closed).toBe(true);
});

test('does nothing with a signal that was aborted before', async () => {
  const { started, work } = gates();
  await forEachAtOnce([1], 1, work, AbortSignal.abort());
  expect(started).toEqual([]);
});
