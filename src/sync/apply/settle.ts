import type { Sighting } from '../../model/agreement.ts';
import { StorageError } from '../../model/errors.ts';
import { checkpoint as checkpointOf, type Href } from '../../model/names.ts';
import { bySide, SIDES, type Side, type Sides } from '../../model/sides.ts';
import type { KnownCheckpoint, StatusChange } from '../../status/status.ts';
import type { Look } from '../../storage/storage.ts';
import { attempt } from '../error-report.ts';
import { compareLooks, type Differences } from '../observe/compare.ts';
import { isAccountable, type Observation } from '../observe/observe.ts';
import { stillOwed } from '../observe/recover.ts';
import { UNSEEN } from '../observe/unseen.ts';
import { bySideAsync } from '../side-by-side.ts';
import { type Applied, fill } from './applied.ts';
import { dropCheckpoints } from './drop-checkpoints.ts';
import type { MappingWork } from './mapping-work.ts';
import { verifyWrites } from './verify.ts';

/** Sides whose collection was written to besides items. */
export type Touched = ReadonlySet<Side>;

/**
 * The end of a mapping's run: what was written is verified, what remains open is remembered so that no run reads it
 * again, and the checkpoints move on, with the agreements that they belong to (SL6).
 */
export async function settleMapping(
  work: MappingWork,
  observation: Observation,
  applied: Applied,
  touched: Touched,
): Promise<void> {
  const wrote = bySide((side) => applied.tried.has(side) || touched.has(side));
  const before = observation.checkpoints;
  let looks = await looksSince(work, before, wrote);
  const copiedBack = await verifyWrites(work, applied.unverified, looks);
  for (const side of SIDES) for (const href of copiedBack[side]) fill(applied, side, href);
  const again = bySide((side) => copiedBack[side].size > 0);
  const later = await looksSince(work, before, again);
  looks = bySide((side) => later[side] ?? looks[side]);

  const refused = new Set(work.failed.map(({ subject }) => subject));
  const owed = stillOwed(work.mapping, observation.recovered, { written: applied.written, refused });
  if (owed.length > 0) work.mapping.commit(owed);
  const known = bySide((side) => work.mapping.checkpoint(side));
  const wroteAtAll = bySide((side) => wrote[side] || again[side]);
  const staysBehind = bySide(
    (side) => known[side] !== undefined && !wroteAtAll[side] && !isAccountable(observation, side),
  );
  rememberSightings(work, observation, applied, staysBehind);
  noticeAndMoveOn(work, observation, known, wroteAtAll, applied.written, looks);
}

/**
 * A checkpoint from before our own writes does not cover them: an item that we put and somebody deletes at once would
 * never be reported. So the changes since it are asked for once more.
 */
function looksSince(
  work: MappingWork,
  before: Sides<KnownCheckpoint | undefined>,
  wrote: Sides<boolean>,
): Promise<Sides<Look | undefined>> {
  return bySideAsync(async (side) => {
    const since = before[side];
    if (!wrote[side] || since === undefined) return undefined;
    const look = await attempt(work.storages[side].look(work.collections[side], since.checkpoint));
    return look instanceof StorageError ? undefined : look;
  });
}

/**
 * What was seen and is still not as agreed, so that it need not be read again as long as its etag stays. Where the kept
 * checkpoint stays behind what was seen, what is new is read again: no look at changes would mention that it came and went.
 */
function rememberSightings(
  work: MappingWork,
  observation: Observation,
  applied: Applied,
  staysBehind: Sides<boolean>,
): void {
  const wanted = new Map<string, Sighting>();
  for (const side of SIDES) {
    for (const sighting of openSightings(work, observation, side, applied)) {
      wanted.set(`${side}${sighting.href}`, sighting);
    }
  }
  const changes: StatusChange[] = [];
  for (const known of work.mapping.sightings()) {
    const key = `${known.side}${known.href}`;
    const sighting = wanted.get(key);
    if (sighting === undefined) {
      if (isUntold(observation.differences[known.side], known.href)) continue;
      changes.push({ type: 'unsight', side: known.side, href: known.href });
    } else if (isSame(known, sighting)) wanted.delete(key);
  }
  for (const sighting of wanted.values()) {
    const { side, href, etag } = sighting;
    changes.push(sight(staysBehind[side] && etag !== undefined ? notice(side, href, UNSEEN) : sighting));
  }
  // Should the run die before they move on, the kept checkpoints would not cover what is remembered here.
  if (changes.length > 0) work.mapping.commit([...dropCheckpoints(work.mapping), ...changes]);
}

/** Of what could not be read, or was left out, nothing else is known than before; and no checkpoint moved past it. */
const isUntold = ({ present, unknown, missing, complete }: Differences, href: Href): boolean =>
  unknown.has(href) || (!complete && !present.has(href) && !missing.has(href));

function openSightings(work: MappingWork, observation: Observation, side: Side, applied: Applied): readonly Sighting[] {
  const written = applied.written[side];
  const { present, unknown, missing, complete } = observation.differences[side];
  const agreedEtag = (href: Href): string | undefined => work.mapping.agreementAt(side, href)?.sides[side].etag;
  const sightings: Sighting[] = [];
  for (const [href, { etag, ident, fingerprint }] of present) {
    if (written.get(href) === 'emptied') {
      // Where another one was agreed, that is elsewhere since.
      if (agreedEtag(href) !== undefined) sightings.push(notice(side, href, undefined));
    } else if (applied.unread[side].has(href)) {
      // A kept checkpoint may be older than what was seen there: nothing might mention it again.
      sightings.push(notice(side, href, UNSEEN));
    } else if (!written.has(href) && agreedEtag(href) !== etag) {
      sightings.push({ side, href, etag, content: { ident, fingerprint }, unreadable: undefined });
    }
  }
  for (const [href, { etag, reason }] of unknown) {
    if (etag !== undefined) sightings.push({ side, href, etag, content: undefined, unreadable: reason });
  }
  for (const href of missing.keys()) {
    if (written.has(href) || agreedEtag(href) === undefined) continue;
    const etag = observation.unproven[side].has(href) || !complete ? UNSEEN : undefined;
    sightings.push(notice(side, href, etag));
  }
  return sightings;
}

const isSame = (x: Sighting, y: Sighting): boolean =>
  x.etag === y.etag &&
  x.unreadable === y.unreadable &&
  x.content?.ident === y.content?.ident &&
  x.content?.fingerprint === y.content?.fingerprint;

/** What others did while we wrote is kept for the next run; then the checkpoints move on. */
function noticeAndMoveOn(
  work: MappingWork,
  observation: Observation,
  /** The checkpoints that were kept so far. */
  known: Sides<KnownCheckpoint | undefined>,
  wrote: Sides<boolean>,
  written: Sides<ReadonlyMap<Href, unknown>>,
  looks: Sides<Look | undefined>,
): void {
  const changes: StatusChange[] = [];
  const differences = compareLooks(
    bySide((side) => looks[side] ?? NOTHING),
    work.mapping,
  );
  const knownGone = new Set(
    work.mapping.sightings().flatMap(({ side, href, etag }) => (etag === undefined ? [`${side}${href}`] : [])),
  );
  for (const side of SIDES) {
    const look = looks[side];
    if (look !== undefined) {
      for (const href of leftBehind(work, look, side)) changes.push({ type: 'unsight', side, href });
      const { toRead, missing } = differences[side];
      for (const { href, etag } of toRead.values()) changes.push(sight(notice(side, href, etag)));
      for (const href of missing.keys())
        if (!knownGone.has(`${side}${href}`)) changes.push(sight(notice(side, href, undefined)));
      for (const href of unmentioned(look, written[side])) {
        if (work.mapping.agreementAt(side, href) !== undefined) changes.push(sight(notice(side, href, UNSEEN)));
      }
    }
    const unclear =
      differences[side].unknown.size > 0 &&
      [...differences[side].unknown.values()].some((each) => each.etag === undefined);
    const next = isLost(work, observation, side, written[side])
      ? undefined
      : nextCheckpoint(observation, side, wrote[side], look, unclear, known[side]);
    const stored = work.mapping.checkpoint(side);
    if (next?.checkpoint !== stored?.checkpoint || next?.listedAt !== stored?.listedAt) {
      changes.push({ type: 'checkpoint', side, known: next });
    }
  }
  if (changes.length > 0) work.mapping.commit(changes);
}

/** What was never agreed on, was seen in this run, and is gone by now: nothing would mention it again. */
function leftBehind(work: MappingWork, look: Look, side: Side): readonly Href[] {
  const listed = new Set([...(look.type === 'all' ? look.items : []), ...look.unknown].map(({ href }) => href));
  const gone = new Set(look.type === 'all' ? [] : look.gone);
  const isGone = (href: Href): boolean => (look.type === 'all' ? look.complete && !listed.has(href) : gone.has(href));
  return work.mapping
    .sightings()
    .filter((each) => each.side === side && isGone(each.href))
    .flatMap(({ href }) => (work.mapping.agreementAt(side, href) === undefined ? [href] : []));
}

/**
 * What we wrote must be among the changes since before; what is not was removed again by somebody, and some servers
 * never mention what came and went between two looks.
 */
function unmentioned(look: Look, written: ReadonlyMap<Href, unknown>): readonly Href[] {
  if (look.type === 'all') return [];
  const mentioned = new Set([...look.gone, ...[...look.changed, ...look.unknown].map(({ href }) => href)]);
  return [...written.keys()].filter((href) => !mentioned.has(href));
}

const NOTHING: Look = { type: 'changes', changed: [], unknown: [], gone: [], checkpoint: checkpointOf('') };

function notice(side: Side, href: Href, etag: Sighting['etag']): Sighting {
  return { side, href, etag, content: undefined, unreadable: undefined };
}

const sight = (sighting: Sighting): StatusChange => ({ type: 'sight', sighting });

/**
 * Whether an item's removal is still to be seen to, whose address another one took over, before the run or by a write of
 * it: no look at changes would mention it again. Of what a write displaced nothing may have been seen before.
 */
function isLost(work: MappingWork, { facts }: Observation, side: Side, written: ReadonlyMap<Href, unknown>): boolean {
  const lost = work.mapping.nowhere(side);
  if (lost.length === 0) return false;
  const seen = new Map(facts.items.map(({ ident, sides }) => [ident, sides[side]]));
  return lost.some((ident) => {
    const here = seen.get(ident);
    return here?.type !== 'present' || here.versions.some(({ href }) => written.has(href));
  });
}

/** Undefined: none is kept, so that the next run lists everything. */
function nextCheckpoint(
  observation: Observation,
  side: Side,
  wrote: boolean,
  look: Look | undefined,
  unclear: boolean,
  known: KnownCheckpoint | undefined,
): KnownCheckpoint | undefined {
  const seen = observation.checkpoints[side];
  // What an interrupted run left agreed was not compared with the looks: the next ones are full.
  if (observation.recovered.agreements.size > 0) return undefined;
  if (!isAccountable(observation, side)) return wrote ? undefined : known;
  if (!wrote) return seen;
  if (look?.checkpoint === undefined || seen === undefined || unclear) return undefined;
  if (look.type === 'all' && !look.complete) return undefined;
  return { checkpoint: look.checkpoint, listedAt: seen.listedAt };
}
