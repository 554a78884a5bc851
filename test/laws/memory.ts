import type { Agreement } from '../../src/model/agreement.ts';
import type { Etag, Href } from '../../src/model/names.ts';
import { bySide, SIDES, type Side, type Sides } from '../../src/model/sides.ts';
import type { MappingStatus } from '../../src/status/status.ts';
import { agreementsOf } from '../support/agreements.ts';
import { hasLostAll } from './convergence.ts';
import { heldBy, isDisputed } from './held.ts';
import { itemOf } from './law-text.ts';
import type { Ran } from './run.ts';
import { type Told, toldOf } from './told.ts';
import type { World } from './world.ts';

/** L4: the status holds exactly the undisputed items, with what each side holds. */
export async function checkMemory(world: World, ran: Ran): Promise<void> {
  if (hasLostAll(world, ran)) return;
  for (const { name, hrefs } of world.status.mappings()) {
    const told = toldOf(world, ran.events, name);
    if (told.collection !== undefined) continue;
    const missing = SIDES.find((side) => world.collectionAt(side, name) !== hrefs[side]);
    if (missing !== undefined) {
      const other = world.collections(missing).length;
      world.breaks('L4', `the status knows ${name}, which ${missing} does not have (among ${other})`);
      continue;
    }
    const status = world.status.mapping(name, hrefs);
    const etags = {
      a: await etagsOf(world, 'a', hrefs.a),
      b: await etagsOf(world, 'b', hrefs.b),
    };
    checkAgreements(world, status, told, etags);
    checkCompleteness(world, status, told);
    checkSightings(world, status, etags);
    for (const side of SIDES) await checkCheckpoint(world, status, side);
    for (const { ident, verb } of status.intents()) {
      // What is to be copied back waits while one side of it cannot be known (SI14).
      if (!told.items.has(ident)) world.breaks('L4', `${name}: an intent to ${verb} ${ident} is left`);
    }
  }
}

function checkAgreements(world: World, status: MappingStatus, told: Told, etags: Sides<Etags>): void {
  for (const { ident, sides } of agreementsOf(status)) {
    if (told.items.has(ident)) continue;
    for (const side of SIDES) {
      const problem = disagreement(world, status, side, ident, sides[side], etags[side]);
      if (problem !== undefined) world.breaks('L4', `${status.name}: ${ident} of ${side}: ${problem}`);
    }
  }
}

function disagreement(
  world: World,
  status: MappingStatus,
  side: Side,
  ident: string,
  agreed: Agreement['sides'][Side],
  etags: Etags,
): string | undefined {
  const { href, etag, fingerprint } = agreed;
  const text = world.texts(side, status.hrefs[side]).get(href);
  if (text === undefined) return `nothing is at ${href}`;
  const item = itemOf(text);
  const isLeft = ident.startsWith('fingerprint:') && SIDES.some((each) => !world.takesWrites(each));
  if (item?.ident !== ident && !(isLeft && item?.fingerprint === fingerprint)) return `another item is at ${href}`;
  if (item.fingerprint !== fingerprint) return `another content is at ${href}`;
  return etags.get(href) === etag ? undefined : `another etag is at ${href}: ${etags.get(href)}, not ${etag}`;
}

function checkCompleteness(world: World, status: MappingStatus, told: Told): void {
  const held = bySide((side) => heldBy(world, side, status.hrefs[side]));
  for (const [ident, copies] of held.a.copies) {
    const others = held.b.copies.get(ident);
    if (others === undefined || told.items.has(ident) || isDisputed(copies) || isDisputed(others)) continue;
    if (status.agreement(ident) === undefined) {
      world.breaks('L4', `${status.name}: both sides hold ${ident}, and the status does not know it`);
    }
  }
}

function checkSightings(world: World, status: MappingStatus, etags: Sides<Etags>): void {
  for (const { side, href, etag, content } of status.sightings()) {
    const now = etags[side].get(href);
    if (now !== etag) world.breaks('L4', `${status.name}: ${side} ${href} was seen as ${etag}, and is ${now}`);
    if (etag === undefined || content === undefined) continue;
    const item = itemOf(world.texts(side, status.hrefs[side]).get(href) ?? '');
    if (item?.fingerprint !== content.fingerprint || item.ident !== content.ident) {
      world.breaks('L4', `${status.name}: ${side} ${href} holds something else than was seen`);
    }
  }
}

/** Whatever a checkpoint does not cover is in the status all the same. */
async function checkCheckpoint(world: World, status: MappingStatus, side: Side): Promise<void> {
  const known = status.checkpoint(side);
  if (known === undefined) return;
  const look = await world.quietLook(side, status.hrefs[side], known.checkpoint);
  if (look.type === 'all') return;
  const sighted = new Map(status.sightings().flatMap((each) => (each.side === side ? [[each.href, each.etag]] : [])));
  for (const { href, etag } of look.changed) {
    if (status.agreementAt(side, href)?.sides[side].etag === etag || sighted.get(href) === etag) continue;
    world.breaks('L4', `${status.name}: ${side} ${href} is newer than the checkpoint, and unknown`);
  }
}

type Etags = ReadonlyMap<Href, Etag>;

async function etagsOf(world: World, side: Side, collection: Href): Promise<Etags> {
  const look = await world.quietLook(side, collection, undefined);
  return new Map((look.type === 'all' ? look.items : []).map(({ href, etag }) => [href, etag]));
}
