import type { Checkpoint, Href } from '../../model/names.ts';
import type { Surroundings } from '../storage-type.ts';
import type { Addresses } from './addresses.ts';
import type { DavClient } from './dav-client.ts';
import type { Dialect } from './dialect.ts';

/** One DAV storage, as all parts of this driver see it. */
export interface Dav {
  readonly url: string;
  readonly dialect: Dialect;
  readonly client: DavClient;
  readonly addresses: Addresses;
  /** From which segment of its path a collection's id comes, counted from the end. */
  readonly idSegment: 1 | 2;
  readonly connections: number;
  readonly facts: Map<Href, Facts>;
  readonly memory: Surroundings['memory'];
  readonly log: Surroundings['log'];
}

/** What was learnt of a collection since the storage was opened. */
export interface Facts {
  /** Whether the server lists changes since a token. */
  sync: boolean;
  /** Its tokens are times: the server compares nothing when it is told to (SOGo), so we look before we write. Undefined: no token was seen. */
  timed: boolean | undefined;
  /** The ctag of before the next look, if nothing that we did has moved it since. */
  ctag: Checkpoint | undefined;
  /** How many items there are: those of the last full look, and those that we created since. Undefined: not known. */
  size: number | undefined;
}

export function factsOf(dav: Dav, collection: Href): Facts {
  const known = dav.facts.get(collection);
  if (known !== undefined) return known;
  const fresh: Facts = { sync: true, timed: undefined, ctag: undefined, size: undefined };
  dav.facts.set(collection, fresh);
  return fresh;
}
