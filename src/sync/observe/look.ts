import type { Collection } from '../../model/collection.ts';
import type { Side } from '../../model/sides.ts';
import type { KnownCheckpoint, MappingStatus } from '../../status/status.ts';
import type { Look, Storage, Take } from '../../storage/storage.ts';

/** However reliable a server's tokens seem, everything is compared once a day (SL6). In milliseconds. */
const FULL_LOOK_EVERY_MS = 24 * 60 * 60 * 1000;

export interface LookResult {
  readonly look: Look;
  /** What to keep once all that this look says is accounted for. */
  readonly checkpoint: KnownCheckpoint | undefined;
}

/**
 * What a collection holds now: nothing is asked where its version is the checkpoint's, changes only where there is a
 * checkpoint, and everything otherwise.
 */
export async function lookAt(
  storage: Storage,
  collection: Collection,
  mapping: MappingStatus,
  side: Side,
  terms: { readonly full: boolean; readonly now: number },
  take: Take,
): Promise<LookResult> {
  const known = mapping.checkpoint(side);
  // Nothing is known of it, so all of it will be read.
  if (known === undefined && mapping.count() === 0) {
    return withTime(await storage.look(collection.href, undefined, take), terms.now);
  }
  if (known === undefined || terms.full || Math.abs(terms.now - known.listedAt) > FULL_LOOK_EVERY_MS) {
    return withTime(await storage.look(collection.href, undefined), terms.now);
  }
  if (collection.version === known.checkpoint) {
    return {
      look: { type: 'changes', changed: [], unknown: [], gone: [], checkpoint: known.checkpoint },
      checkpoint: known,
    };
  }
  const look = await storage.look(collection.href, known.checkpoint);
  if (namesMostlyOld(look, mapping, side)) return withTime(await storage.look(collection.href, undefined), terms.now);
  return withTime(look, look.type === 'all' ? terms.now : known.listedAt);
}

/**
 * Some servers answer a token that they do not know with all that they have, as if it had changed, and say nothing of
 * what is gone (SL6). That some of it has not changed is no sign of that: changes are reported again now and then.
 */
function namesMostlyOld(look: Look, mapping: MappingStatus, side: Side): boolean {
  if (look.type === 'all') return false;
  const old = look.changed.filter(({ href, etag }) => mapping.agreementAt(side, href)?.sides[side].etag === etag);
  return old.length > look.changed.length / 2;
}

function withTime(look: Look, listedAt: number): LookResult {
  const { checkpoint } = look;
  return { look, checkpoint: checkpoint === undefined ? undefined : { checkpoint, listedAt } };
}
