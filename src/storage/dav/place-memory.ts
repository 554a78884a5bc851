import { type Href, href } from '../../model/names.ts';
import { type Dav, factsOf } from './dav.ts';

/** Where the collections are: below home sets, or the one address that is itself a collection. */
export type Place =
  | { readonly type: 'homes'; readonly homes: readonly Href[] }
  | { readonly type: 'collection'; readonly collection: Href };

/** What discovery found in an earlier run, or in this one. Believed until it fails. */
export const recallPlace = (dav: Dav): Place | undefined => recall(dav)?.place;

export function rememberPlace(dav: Dav, place: Place): void {
  const known = recall(dav);
  if (JSON.stringify(known?.place) === JSON.stringify(place)) return;
  remember(dav, { url: dav.url, place, withoutSync: known?.withoutSync ?? [], needsCtag: known?.needsCtag ?? false });
}

/** Whether some collection is known to have no token. */
export const recallNeedsCtag = (dav: Dav): boolean => recall(dav)?.needsCtag ?? false;

export function rememberNeedsCtag(dav: Dav, needsCtag: boolean): void {
  const memory = recall(dav);
  if (memory !== undefined && memory.needsCtag !== needsCtag) remember(dav, { ...memory, needsCtag });
}

/** Collections whose server says that it can list changes, and cannot. */
export const recallWithoutSync = (dav: Dav): readonly Href[] => recall(dav)?.withoutSync ?? [];

export function rememberWithoutSync(dav: Dav, collection: Href): void {
  factsOf(dav, collection).sync = false;
  const memory = recall(dav);
  if (memory === undefined) return;
  remember(dav, { ...memory, withoutSync: [...new Set([...memory.withoutSync, collection])], needsCtag: true });
}

interface Memory {
  /** Of the configuration; what was learnt of another address is of no use. */
  readonly url: string;
  readonly place: Place;
  readonly withoutSync: readonly Href[];
  readonly needsCtag: boolean;
}

const remember = (dav: Dav, memory: Memory): void => dav.memory.remember(JSON.stringify(memory));

function recall(dav: Dav): Memory | undefined {
  const text = dav.memory.recall();
  const memory = text === undefined ? undefined : decode(parse(text));
  return memory?.url === dav.url ? memory : undefined;
}

/** What is not as we write it now is forgotten: everything in it can be found again. */
function decode(memory: unknown): Memory | undefined {
  if (!isRecord(memory) || typeof memory.url !== 'string' || !isRecord(memory.place)) return undefined;
  const { collection } = memory.place;
  const homes = hrefsIn(memory.place.homes);
  const rest = { url: memory.url, withoutSync: hrefsIn(memory.withoutSync), needsCtag: memory.needsCtag !== false };
  if (typeof collection === 'string') return { ...rest, place: { type: 'collection', collection: href(collection) } };
  return homes.length === 0 ? undefined : { ...rest, place: { type: 'homes', homes } };
}

const hrefsIn = (value: unknown): readonly Href[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string').map(href) : [];

type Field = 'url' | 'place' | 'homes' | 'collection' | 'withoutSync' | 'needsCtag';

const isRecord = (value: unknown): value is { readonly [F in Field]?: unknown } =>
  typeof value === 'object' && value !== null;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
