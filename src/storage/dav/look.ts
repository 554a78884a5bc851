import type { Checkpoint, Href } from '../../model/names.ts';
import type { Look, Take } from '../storage.ts';
import { tokenIn } from './checkpoints.ts';
import { type Dav, factsOf } from './dav.ts';
import { type Refusal, RefusedError } from './dav-error.ts';
import { listMembers } from './list-members.ts';
import { rememberWithoutSync } from './place-memory.ts';
import { describeCollection } from './probe.ts';
import { syncChanges, syncEverything } from './sync-collection.ts';

/**
 * What changed since a token where the server can tell (RFC 6578), everything otherwise. Any token that the server does
 * not take, and any answer that is no list of changes, leads to everything (SL6).
 */
export async function look(
  dav: Dav,
  collection: Href,
  since: Checkpoint | undefined,
  take: Take | undefined,
): Promise<Look> {
  const facts = factsOf(dav, collection);
  const token = tokenIn(collection, since);
  if (facts.sync && token !== undefined) {
    const changes = await unlessRefused(() => syncChanges(dav, collection, token), canMeanBadToken);
    if (changes !== undefined) return changes;
    dav.log('debug', `listing all of ${collection}: its token is of no use any more`);
  }
  const all = facts.sync ? await lookBySync(dav, collection, take) : undefined;
  return counted(dav, collection, all ?? (await lookByCtag(dav, collection, since)));
}

/** With contents where they are wanted and the server gives them with a list: that is one request instead of two. */
async function lookBySync(dav: Dav, collection: Href, take: Take | undefined): Promise<Look | undefined> {
  const withContents = take && (await unlessRefused(() => syncEverything(dav, collection, take), canMeanBadToken));
  return (
    withContents ??
    unlessRefused(
      () => syncEverything(dav, collection, undefined),
      (refusal) => canMeanNoSync(dav, collection, refusal),
    )
  );
}

/** The ctag is that of before the listing, so that it covers nothing that came while it was made. */
async function lookByCtag(dav: Dav, collection: Href, since: Checkpoint | undefined): Promise<Look> {
  const facts = factsOf(dav, collection);
  if (facts.ctag === undefined) await describeCollection(dav, collection);
  const { ctag } = facts;
  facts.ctag = undefined;
  if (ctag !== undefined && ctag === since) {
    return { type: 'changes', changed: [], unknown: [], gone: [], checkpoint: ctag };
  }
  const { items, unknown, complete } = await listMembers(dav, collection);
  return { type: 'all', items, unknown, complete, ...(ctag === undefined ? {} : { checkpoint: ctag }) };
}

function counted(dav: Dav, collection: Href, all: Look): Look {
  if (all.type === 'all') factsOf(dav, collection).size = all.items.length;
  return all;
}

async function unlessRefused(
  ask: () => Promise<Look | undefined>,
  isNoAnswer: (refusal: Refusal) => boolean,
): Promise<Look | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RefusedError && error.kind !== 'overloaded' && isNoAnswer(error.refusal)) return undefined;
    throw error;
  }
}

/** Whatever the status, the full look that follows finds out whether it was the token (E1). Xandikos says 500. */
const canMeanBadToken = ({ status }: Refusal): boolean => status !== 401 && status !== 404 && status < 502;

/** A server that says plainly that it cannot, although it has tokens, is not asked again. */
function canMeanNoSync(dav: Dav, collection: Href, { status, conditions }: Refusal): boolean {
  const isPlain = conditions.includes('supported-report') || status === 405 || status === 415 || status === 501;
  if (isPlain) rememberWithoutSync(dav, collection);
  return isPlain || status === 400 || status === 403 || status === 409 || status === 422 || status === 500;
}
