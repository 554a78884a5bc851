import { summarize } from '../../content/summary.ts';
import { certainlyNotDone, StorageError } from '../../model/errors.ts';
import type { FetchedItem, Item, UnreadableItem } from '../../model/item.ts';
import type { Href } from '../../model/names.ts';
import { bySide, otherSide, SIDES, type Side, type Sides } from '../../model/sides.ts';
import type { Version } from '../../reconcile/facts.ts';
import type { StatusChange } from '../../status/status.ts';
import type { Look, Written } from '../../storage/storage.ts';
import { attempt } from '../error-report.ts';
import { UNSEEN } from '../observe/unseen.ts';
import { bySideAsync } from '../side-by-side.ts';
import { flushSides } from './flush.ts';
import type { MappingWork } from './mapping-work.ts';

/** A write whose storage did not say what it holds now (SI14). Its intent is still in the status. */
export interface Unverified {
  readonly side: Side;
  /** What was copied from the other side. */
  readonly source: Version;
  /** Whether the other side has equal copies beside it: writing to one of them would make them differ. */
  readonly hasTwins: boolean;
  /** What was sent. */
  readonly item: Item;
  readonly written: Written;
}

/** What a storage made of an item that it was sent. */
interface Rewritten {
  readonly unverified: Unverified;
  readonly version: Version;
  readonly stored: Item;
}

/**
 * Reads back what was written, records it, and copies what a storage changed of it once to the side that it came
 * from, so that both end equal (SI14). `looks`: what changed on each side since before the writes, which may bring
 * the items with it. Answers the sides that were written to by the copying back.
 */
export async function verifyWrites(
  work: MappingWork,
  unverified: readonly Unverified[],
  looks: Sides<Look | undefined>,
): Promise<Sides<ReadonlySet<Href>>> {
  const stored = await bySideAsync((side) =>
    readBack(
      work,
      side,
      unverified.filter((each) => each.side === side),
      looks[side],
    ),
  );
  const changes: StatusChange[] = [];
  const rewritten: Rewritten[] = [];
  for (const each of unverified) {
    const now = stored[each.side].get(each.written.href);
    const { change, different } = record(work, each, now);
    changes.push({ type: 'done', ident: each.item.ident }, ...change);
    if (different !== undefined) rewritten.push(different);
  }
  if (changes.length > 0) work.mapping.commit(changes);
  return copyBack(work, rewritten);
}

/** What is now where we wrote. What cannot be read is left out: it is taken for what was sent. */
async function readBack(
  work: MappingWork,
  side: Side,
  unverified: readonly Unverified[],
  look: Look | undefined,
): Promise<ReadonlyMap<Href, FetchedItem | UnreadableItem>> {
  const stored = new Map<Href, FetchedItem | UnreadableItem>();
  const wanted = new Set(unverified.map(({ written }) => written.href));
  if (wanted.size === 0) return stored;
  for (const { href, etag, item } of look === undefined ? [] : look.type === 'all' ? look.items : look.changed) {
    if (item !== undefined && wanted.delete(href)) stored.set(href, { type: 'item', href, etag, item });
  }
  const read = async (): Promise<void> => {
    for await (const fetched of work.storages[side].fetch(work.collections[side], [...wanted])) {
      stored.set(fetched.href, fetched);
    }
  };
  const result = wanted.size === 0 ? undefined : await attempt(read());
  if (result instanceof StorageError) {
    const message = `what was written to "${work.collection}" could not be read back: ${result.reason}`;
    work.tell({ type: 'log', level: 'warn', pair: work.pair, message });
  }
  return stored;
}

function record(
  work: MappingWork,
  unverified: Unverified,
  now: FetchedItem | UnreadableItem | undefined,
): { readonly change: readonly StatusChange[]; readonly different: Rewritten | undefined } {
  const { side, source, item, written } = unverified;
  // A version that somebody else made in between is theirs: the next look finds its etag not to be the agreed one.
  const ours = now?.etag !== undefined && (written.etag === undefined || written.etag === now.etag);
  const stored = ours && now.type === 'item' && !isReplaced(now.item, item) ? now.item : undefined;
  // Without knowing what became of ours, it is read at the next look.
  const seen = stored === undefined ? undefined : now?.etag;
  const etag = seen ?? (now !== undefined && !ours ? written.etag : undefined) ?? UNSEEN;
  const version = { href: written.href, etag, fingerprint: stored?.fingerprint ?? item.fingerprint };
  const isSame = stored === undefined || (stored.fingerprint === item.fingerprint && stored.ident === item.ident);
  if (isSame || unverified.hasTwins || !canCopyBack(work, side) || isAnother(work, stored, item)) {
    // Whatever its storage calls it now, it is the item that we wrote there.
    const base = { ...(stored ?? item), ident: item.ident };
    return { change: [agree(side, version, source, base)], different: undefined };
  }
  // Should the run end before it is copied back, the intent tells the next one to. What has another ident by now counts
  // as an edit instead: it would not be found again.
  const different = { unverified, version, stored };
  const known = stored.ident === item.ident ? version : { ...version, etag: UNSEEN, fingerprint: item.fingerprint };
  return { change: [agree(side, known, source, item), copyingBack(work, different)], different };
}

/** What will be written to the side that it came from. */
function copyingBack(work: MappingWork, { unverified, version, stored }: Rewritten): StatusChange & { type: 'intend' } {
  const { source, item } = unverified;
  const { ident } = item;
  const side = otherSide(unverified.side);
  const { href, fingerprint } = source;
  const intent = { ident, side, verb: 'update', href, fingerprint: stored.fingerprint, source: version } as const;
  const destroyed = { ident, side, href, text: item.text, fingerprint, reason: 'rewritten' } as const;
  const destroys = work.keepHistory ? [{ ...destroyed, summary: summarize(item.text, work.kind) }] : [];
  return { type: 'intend', intent, destroys };
}

/** No storage changes a UID: somebody put another item at the address meanwhile. */
const isReplaced = (stored: Item, item: Item): boolean =>
  stored.ident !== item.ident && !item.ident.startsWith('fingerprint:');

/** Without a UID, or where a storage gave it one, what was rewritten may be taken for an item that is there already. */
const isAnother = (work: MappingWork, stored: Item, item: Item): boolean =>
  stored.ident !== item.ident && work.mapping.agreement(stored.ident) !== undefined;

/** Never to a storage that takes no writes, nor from b to a with `one_way`. */
function canCopyBack(work: MappingWork, from: Side): boolean {
  const to = otherSide(from);
  return !work.readOnly.has(to) && !(work.rules.oneWay && to === 'a');
}

function agree(side: Side, here: Version, there: Version, base: Item): StatusChange {
  const sides = side === 'a' ? { a: here, b: there } : { a: there, b: here };
  return { type: 'agree', agreement: { ident: base.ident, sides }, base };
}

/** Once. Where the source rewrites too, its version is recorded and left. */
async function copyBack(work: MappingWork, rewritten: readonly Rewritten[]): Promise<Sides<ReadonlySet<Href>>> {
  const written = bySide(() => new Set<Href>());
  for (const each of rewritten) {
    const to = otherSide(each.unverified.side);
    if (work.signal.aborted) work.mapping.commit(putOff(work, each));
    else if (await copyOneBack(work, each)) written[to].add(each.unverified.source.href);
  }
  await flushSides(work, new Set(SIDES.filter((side) => written[side].size > 0)));
  return written;
}

/** Answers whether it was written. */
async function copyOneBack(work: MappingWork, rewritten: Rewritten): Promise<boolean> {
  const { unverified, version, stored } = rewritten;
  const { side, source, item } = unverified;
  const { ident } = item;
  const to = otherSide(side);
  const result = await attempt(work.storages[to].update(work.collections[to], source, stored));
  if (result instanceof StorageError) {
    // What a storage refuses is left as it is. Where the item moved, or the reply was lost, the next run looks.
    if (result.kind === 'not-found' || result.kind === 'changed') work.mapping.commit(putOff(work, rewritten));
    else if (certainlyNotDone(result.kind))
      work.mapping.commit([agree(side, version, source, { ...stored, ident }), { type: 'not-done', ident }]);
    const message = `what "${work.collection}" was changed to by its storage could not be copied back: ${result.reason}`;
    work.tell({ type: 'log', level: 'info', pair: work.pair, message });
    return false;
  }
  const now = await versionAfter(work, to, result, stored);
  const renamed = stored.ident === ident ? [] : [{ type: 'forget', ident } as const];
  work.mapping.commit([...renamed, agree(side, version, now, stored), { type: 'done', ident }]);
  return true;
}

/** For the next run, with nothing in the history, since nothing was replaced. */
function putOff(work: MappingWork, rewritten: Rewritten): readonly StatusChange[] {
  return [
    { type: 'not-done', ident: rewritten.unverified.item.ident },
    { ...copyingBack(work, rewritten), destroys: [] },
  ];
}

async function versionAfter(work: MappingWork, side: Side, written: Written, sent: Item): Promise<Version> {
  const { href, etag, holds } = written;
  const { fingerprint } = sent;
  if (holds === 'as-sent' && etag !== undefined) return { href, etag, fingerprint };
  const read = async (): Promise<FetchedItem | undefined> => {
    for await (const fetched of work.storages[side].fetch(work.collections[side], [href])) {
      if (fetched.type === 'item') return fetched;
    }
    return undefined;
  };
  const now = await attempt(read());
  // What it made of it, or what somebody put there, is read by the next run.
  if (now === undefined || now instanceof StorageError || isReplaced(now.item, sent))
    return { href, etag: UNSEEN, fingerprint };
  // A version that somebody else made in between is theirs: the next look finds its etag not to be the agreed one.
  if (etag !== undefined && now.etag !== etag) return { href, etag, fingerprint };
  return { href, etag: now.etag, fingerprint: now.item.fingerprint };
}
