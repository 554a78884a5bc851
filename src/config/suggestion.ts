/** The name that was probably meant: the closest of `names`, if one is close enough to ask. */
export function closest(written: string, names: Iterable<string>): string | undefined {
  const wanted = plain(written);
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    const distance = editDistance(wanted, plain(name));
    if (distance <= tolerated(wanted.length) && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) {
      best = { name, distance };
    }
  }
  return best?.name;
}

/** `; did you mean "NAME"?`, or nothing; the end of a message. */
export function didYouMean(written: string, names: Iterable<string>): string {
  const name = closest(written, names);
  return name === undefined ? '' : `; did you mean "${name}"?`;
}

/** `readonly`, `read-only` and `Read_Only` are the same slip of the pen. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_]/g, '');

const tolerated = (length: number): number =>
  length < 4 ? Math.floor(length / 2) : Math.min(3, Math.floor(length / 3) + 1);

/** Letters left out, put in, exchanged for others, or swapped with their neighbour. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + same,
        swapped ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY;
