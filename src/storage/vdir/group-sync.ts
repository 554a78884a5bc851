import { fsync } from 'node:fs';

/** Returns when what was written to the file survives a loss of power. */
export type Sync = (descriptor: number) => Promise<void>;

/**
 * A sync for many files that are written side by side: those that ask for it in one turn go to the disk together, and
 * go on when all of them are there. A disk takes a hundred so in the time of a few, and others are waited for once.
 */
export function groupSync(): Sync {
  let next: Waiting[] = [];
  return (descriptor) =>
    new Promise((resolve, reject) => {
      next.push({ descriptor, resolve, reject, error: null });
      if (next.length > 1) return;
      setImmediate(() => {
        syncAll(next);
        next = [];
      });
    });
}

interface Waiting {
  readonly descriptor: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  error: Error | null;
}

function syncAll(group: readonly Waiting[]): void {
  let open = group.length;
  for (const each of group) {
    fsync(each.descriptor, (error) => {
      each.error = error;
      open -= 1;
      if (open === 0) for (const { error: failure, resolve, reject } of group) failure ? reject(failure) : resolve();
    });
  }
}
