/** A part of two lists: what stands in both, or what the one has in place of the other's. */
export interface Stretch<T> {
  readonly same: boolean;
  readonly a: readonly T[];
  readonly b: readonly T[];
}

/**
 * Where two lists are the same and where not, in their order: a longest common subsequence. Of lists that differ in
 * more than some thousand places all that differs is one stretch.
 */
export function stretchesOf<T>(a: readonly T[], b: readonly T[], keyOf: (value: T) => string): readonly Stretch<T>[] {
  const keys = { a: a.map(keyOf), b: b.map(keyOf) };
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && keys.a[head] === keys.b[head]) head++;
  let tail = 0;
  while (tail < shorter - head && keys.a.at(-1 - tail) === keys.b.at(-1 - tail)) tail++;
  const ends = { a: a.length - tail, b: b.length - tail };
  const pairs = commonPairs(keys.a.slice(head, ends.a), keys.b.slice(head, ends.b));
  const builder = new Builder(a, b);
  builder.same(0, 0, head);
  for (const [i, j] of pairs) builder.same(head + i, head + j, 1);
  builder.same(ends.a, ends.b, tail);
  return builder.stretches;
}

/** In cells of a table. */
const MOST_COMPARED = 4_000_000;

/** Places that go together, in their order. */
function commonPairs(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const width = b.length + 1;
  if ((a.length + 1) * width > MOST_COMPARED) return [];
  // How many the rests from each place on have in common.
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

/** Puts stretches together from left to right; what lies between those that are the same differs. */
class Builder<T> {
  readonly stretches: Stretch<T>[] = [];
  readonly #a: readonly T[];
  readonly #b: readonly T[];
  #i = 0;
  #j = 0;

  constructor(a: readonly T[], b: readonly T[]) {
    this.#a = a;
    this.#b = b;
  }

  same(i: number, j: number, length: number): void {
    if (i > this.#i || j > this.#j) {
      this.stretches.push({ same: false, a: this.#a.slice(this.#i, i), b: this.#b.slice(this.#j, j) });
    }
    const a = this.#a.slice(i, i + length);
    const b = this.#b.slice(j, j + length);
    this.#i = i + length;
    this.#j = j + length;
    if (length === 0) return;
    const last = this.stretches.at(-1);
    if (last?.same === true) {
      this.stretches[this.stretches.length - 1] = { same: true, a: [...last.a, ...a], b: [...last.b, ...b] };
    } else this.stretches.push({ same: true, a, b });
  }
}
