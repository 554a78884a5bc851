import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kind } from '../../src/model/item.ts';
import { href } from '../../src/model/names.ts';
import { VdirStorage } from '../../src/storage/vdir/vdir-storage.ts';
import type { Clock } from '../../src/system/clock.ts';
import type { Subject } from '../storage/conformance.ts';

export interface VdirSubject extends Subject {
  readonly storage: VdirStorage;
  readonly root: string;
  /** A storage of the same kind at another root. */
  at(root: string): VdirStorage;
}

/** A vdir in a folder of its own. Its clock goes as the system's does, and is ahead by what was settled. */
export async function vdirSubject(kind: Kind = 'calendar'): Promise<VdirSubject> {
  const root = await mkdtemp(join(tmpdir(), 'pimsync-vdir-'));
  const extension = kind === 'calendar' ? 'ics' : 'vcf';
  let aheadMs = 0;
  let made = 0;
  const clock: Clock = { now: () => Date.now() + aheadMs, sleep: async () => undefined };
  const at = (path: string): VdirStorage => new VdirStorage({ kind, root: path, extension, clock });
  return {
    root,
    storage: at(root),
    at,
    async freshCollection() {
      made += 1;
      await mkdir(join(root, `fresh-${made}`));
      return href(`fresh-${made}`);
    },
    missingCollection: href('missing'),
    outside: {
      async put(collection, at, text) {
        made += 1;
        const name = at ?? href(`outside-${made}.${extension}`);
        // In place, as the worst of editors does it.
        await writeFile(join(root, collection, name), text);
        return name;
      },
      remove: (collection, at) => rm(join(root, collection, at)),
      async read(collection, at) {
        return await readFile(join(root, collection, at), 'utf8').catch((error: unknown) => {
          if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
          throw error;
        });
      },
    },
    async settle() {
      // Longer than the kernel's tick, within which two changes have one time.
      await new Promise((resolve) => setTimeout(resolve, 20));
      aheadMs += 3000;
    },
    close: () => rm(root, { recursive: true }),
  };
}
