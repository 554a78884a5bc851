import { realpathSync, statSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

export interface FoldersToWatch {
  readonly root: string;
  /** Whether a name matters that something happened to; `folder` as `watchFolders` names it. */
  isOfInterest(name: string, folder: string): boolean;
  readonly signal: AbortSignal;
  /** How often it is looked whether the root is still the one that is watched. */
  readonly identityMs?: number;
}

/**
 * Names folders directly below a root in which something changed, at once and as often as it happens; `''` is the
 * root itself. `undefined`, any of them, is told when watching has begun, since before nobody looked; when the root is
 * missing, which is then waited for; when another directory has taken its place; and when so much happens that the
 * kernel may have dropped some of it. Ends with the signal. Throws what the system refuses (`ENOSPC`: no watches are
 * left).
 */
export async function* watchFolders(folders: FoldersToWatch): AsyncGenerator<string | undefined> {
  const { root, signal, identityMs = 5000 } = folders;
  const alarm = new Alarm(signal, identityMs);
  try {
    while (!signal.aborted) {
      const identity = identityOf(root);
      if (identity === undefined) yield* waitForRoot(folders, alarm);
      else yield* watchWhileSame(folders, identity, alarm);
    }
  } finally {
    alarm.stop();
  }
}

async function* waitForRoot({ root, signal }: FoldersToWatch, alarm: Alarm): AsyncGenerator<undefined> {
  yield undefined;
  while (!signal.aborted && identityOf(root) === undefined) await alarm.next();
}

/** The kernel watches a directory and not its path: once it is replaced, nothing is ever heard of it. */
async function* watchWhileSame(
  { root, isOfInterest, signal }: FoldersToWatch,
  identity: string,
  alarm: Alarm,
): AsyncGenerator<string | undefined> {
  const realRoot = realpathSync(root);
  const told = new Set<string | undefined>();
  const crowd = new Crowd();
  let failure: unknown;
  const tell = (folder: string | undefined): void => {
    told.add(folder);
    alarm.ring();
  };

  // One watch a directory: files are left out as files, and their directory tells what happens to them (`raw`).
  const watcher: FSWatcher = watch(realRoot, {
    depth: 1,
    followSymlinks: false,
    ignoreInitial: true,
    ignorePermissionErrors: true,
    ignored: (path, stat) => stat?.isFile() === true || (path !== realRoot && basename(path).startsWith('.')),
  });
  watcher.on('ready', () => tell(undefined));
  watcher.on('raw', (_event, name, details) => {
    const folder = relative(realRoot, watchedPathOf(details) ?? realRoot);
    if (crowd.isTooMuch()) tell(undefined);
    if (typeof name !== 'string' || isOfInterest(name, folder)) tell(folder);
  });
  // What was put into a new folder before it was watched is told with the folder.
  watcher.on('addDir', (path) => tell(relative(realRoot, path)));
  watcher.on('error', (error) => {
    failure ??= error;
    alarm.ring();
  });

  try {
    while (!signal.aborted && identityOf(root) === identity) {
      const folders = [...told];
      told.clear();
      yield* folders;
      if (failure !== undefined) throw failure;
      if (told.size === 0) await alarm.next();
    }
  } finally {
    await watcher.close();
  }
}

/** A queue of the kernel holds 16384 events; what is dropped when it is full, nobody tells. */
const CROWD = 4096;
const CROWD_MS = 1000;

/** Counts events, of all folders together. */
class Crowd {
  #beganAt = 0;
  #count = 0;

  /** Whether as many came of late as might have filled the queue. Call it for each; it says so once a crowd. */
  isTooMuch(): boolean {
    const now = performance.now();
    if (now - this.#beganAt > CROWD_MS) {
      this.#beganAt = now;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count === CROWD;
  }
}

/** Wakes who waits: when it is rung, with the signal, and every now and then. */
class Alarm {
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly ring = (): void => this.#wake();
  #wake = (): void => undefined;

  constructor(signal: AbortSignal, everyMs: number) {
    this.#signal = signal;
    this.#timer = setInterval(this.ring, everyMs);
    signal.addEventListener('abort', this.ring);
  }

  /** Call it in the turn in which there was found to be nothing: what rings before is not remembered. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#signal.aborted) resolve();
    });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#signal.removeEventListener('abort', this.ring);
  }
}

function identityOf(root: string): string | undefined {
  const stat = statSync(root, { bigint: true, throwIfNoEntry: false });
  return stat?.isDirectory() ? `${stat.dev}-${stat.ino}` : undefined;
}

const watchedPathOf = (details: unknown): string | undefined =>
  typeof details === 'object' && details !== null && 'watchedPath' in details && typeof details.watchedPath === 'string'
    ? details.watchedPath
    : undefined;
