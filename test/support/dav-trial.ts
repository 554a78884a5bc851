import { afterEach } from 'vitest';
import { readItem } from '../../src/content/item.ts';
import { StorageError } from '../../src/model/errors.ts';
import type { FetchedItem, Item, Kind, UnreadableItem } from '../../src/model/item.ts';
import { type Href, href } from '../../src/model/names.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { SettingValue } from '../../src/storage/storage-type.ts';
import { type DavServer, type DavServerOptions, startDavServer } from './dav-server/dav-server.ts';
import { openDav, type Remembering } from './dav-subject.ts';
import { itemText } from './item-text.ts';

/** A server that can be made to misbehave, a calendar on it, and a storage that reads it. */
export interface Trial {
  readonly server: DavServer;
  readonly storage: Storage;
  readonly calendar: Href;
  readonly memory: Remembering;
  /** The requests since this was last asked: `PROPFIND / 0`. */
  asked(): readonly string[];
  /** Puts an item there behind the storage's back. */
  put(name: string, title?: string): Href;
  /** The storage as the next run opens it. */
  reopen(more?: readonly [string, SettingValue][]): Storage;
}

export interface TrialOptions extends DavServerOptions {
  /** Of the address in the configuration. */
  readonly path?: string;
  readonly more?: readonly [string, SettingValue][];
}

/** Called once in a file; what was begun is ended after each test. */
export function davTrials(): (options?: TrialOptions) => Promise<Trial> {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
  return async ({ path = '', more = [], ...options } = {}) => {
    const server = await startDavServer(options);
    open.push(server);
    const calendar = href(server.content.addCalendar('work'));
    const memory: Remembering = { text: undefined };
    const reopen = (others: readonly [string, SettingValue][] = []): Storage => {
      const access = { url: server.url + path, ...options.credentials };
      const storage = openDav('calendar', access, { memory, more: [...more, ...others] });
      open.push(storage);
      return storage;
    };
    return {
      server,
      storage: reopen(),
      calendar,
      memory,
      asked: () =>
        server.takeRequests().map(({ method, path: asked, depth, root }) => {
          const what = root === 'propfind' || root === undefined ? '' : ` ${root}`;
          return `${method}${what} ${asked}${depth === undefined ? '' : ` ${depth}`}`;
        }),
      put(name, title = 'As it was') {
        const at = href(`${calendar}${name}.ics`);
        server.content.put(at, itemText('calendar', name, title));
        return at;
      },
      reopen,
    };
  };
}

export function itemOf(uid: string, title = 'As it was', kind: Kind = 'calendar'): Item {
  const read = readItem(itemText(kind, uid, title), kind);
  if (read.type !== 'item') throw new Error(read.reason);
  return read.item;
}

export async function allOf(
  items: AsyncIterable<FetchedItem | UnreadableItem>,
): Promise<(FetchedItem | UnreadableItem)[]> {
  const all: (FetchedItem | UnreadableItem)[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function failureOf(work: Promise<unknown>): Promise<StorageError> {
  const outcome = await work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
  if (outcome instanceof StorageError) return outcome;
  throw new Error(`expected a StorageError, not ${String(outcome)}`);
}
