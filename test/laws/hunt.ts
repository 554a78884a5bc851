import fc from 'fast-check';
import { anyHistory } from './arbitrary.ts';
import type { History } from './history.ts';
import { play } from './play.ts';
import { LawBroken } from './world.ts';

const count = Number(process.argv[2] ?? 1000);
const seed = Number(process.argv[3] ?? 1);
/** Of a history that broke. */
const number = process.argv[4];

const keyOf = (e: unknown): string =>
  e instanceof LawBroken
    ? `${e.message.split('\n')[0]}`
        .replace(/v\d+/g, 'vN')
        .replace(/p\d+/g, 'pN')
        .replace(/\/[a-zA-Z0-9~./-]+/g, 'H')
        .replace(/\b(one|two|three|four)\b|fingerprint:\w+/g, 'I')
        .replace(/\b[ab]\b(#\d+|\.\d#\d+)?/g, 'S')
        .replace(/\d+/g, 'N')
    : String(e instanceof Error ? e.stack?.split('\n').slice(0, 3).join('|') : e);
const attempt = async (h: History) => {
  try {
    await play(h);
    return undefined;
  } catch (e) {
    return keyOf(e);
  }
};
const t = performance.now();
if (number === undefined) {
  const groups = new Map<string, number>();
  let played = 0;
  await fc.check(
    fc.asyncProperty(anyHistory, async (h) => {
      const k = await attempt(h);
      if (k !== undefined) {
        groups.set(k, (groups.get(k) ?? 0) + 1);
        console.log(`history ${played}: ${k}`);
      }
      played += 1;
    }),
    { numRuns: count, seed },
  );
  for (const [k, n] of [...groups].sort((x, y) => y[1] - x[1])) console.log(n, k);
  console.log('ms each', (performance.now() - t) / count);
} else {
  let wanted: string | undefined;
  const r = await fc.check(
    fc.asyncProperty(anyHistory, async (h) => {
      const k = await attempt(h);
      wanted ??= k;
      if (k !== undefined && k === wanted) throw new Error(k);
    }),
    { numRuns: 1, seed, path: number },
  );
  if (r.counterexample) {
    console.log(JSON.stringify(r.counterexample[0]));
    try {
      await play(r.counterexample[0], (l) => console.log(l));
    } catch (e) {
      console.log(String(e));
    }
  } else console.log('none');
}
