import { PROPERTY_NAMES } from '../../src/model/collection.ts';
import { SIDES } from '../../src/model/sides.ts';
import { hasLostAll } from './convergence.ts';
import { itemOf, markOf } from './law-text.ts';
import type { Mark } from './model.ts';
import type { Ran } from './run.ts';
import { toldOf } from './told.ts';
import { idOf, propertyMark, type World } from './world.ts';

/** L6: what a person deleted is nowhere, unless it waits, or somebody put it there again. */
export function checkResurrection(world: World, ran: Ran): void {
  if (hasLostAll(world, ran)) return;
  for (const { mark: removed, side: from, collection, known } of world.model.tombstones) {
    if (!known || (world.rules.oneWay && from === 'b')) continue;
    const told = toldOf(world, ran.events, idOf(collection));
    if (told.collection !== undefined) continue;
    for (const side of SIDES) {
      if (!world.takesWrites(side)) continue;
      for (const name of PROPERTY_NAMES) {
        const mark = propertyMark(world.property(side, collection, name));
        if (mark === undefined || !world.model.descends(removed, mark) || told.properties.has(name)) continue;
        world.breaks('L6', `${side} ${collection}: ${name} is p${mark} again, and was unset on ${from}`);
      }
      for (const [href, text] of world.texts(side, collection)) {
        const mark = markOf(text);
        if (world.model.isRepeated(mark) || !world.model.descends(removed, mark)) continue;
        // What was put again descends from what it took the place of.
        if (world.model.isRepeated(removed) && mark !== removed) continue;
        // What got another UID is another item.
        if (world.model.uidOf(mark) !== world.model.uidOf(removed)) continue;
        // Without a UID, so is each content; whoever made another of it removed it then.
        if (world.model.uidOf(mark) === undefined && mark !== removed) continue;
        // What moved, and was left out of a listing, is another one when it is seen again.
        if ((world.lied && world.wasMoved(mark)) || world.wasMovedMeanwhile(mark)) continue;
        // So is what was put by a write that was never recorded: an intent is confirmed at its address only (SR5).
        if (world.wasMovedUnrecorded(mark)) continue;
        const ident = itemOf(text)?.ident;
        if (ident === undefined || told.items.has(ident)) continue;
        world.breaks('L6', `${side} ${href} holds v${mark}, and v${removed} was removed from ${from}`);
      }
    }
  }
}

/** L5 once more, at the end: every content is somewhere, or was replaced or removed by somebody who had it. */
export function checkNothingVanished(world: World): void {
  const live: Mark[] = [];
  for (const side of SIDES) {
    for (const collection of world.collections(side)) {
      for (const text of world.texts(side, collection).values()) live.push(markOf(text));
    }
  }
  const kept = new Set<Mark>();
  for (const { id } of world.status.versions()) {
    const text = world.status.versionText(id);
    if (text !== undefined) kept.add(markOf(text));
  }
  for (const mark of world.marksOfItems()) {
    if (live.some((each) => world.model.descends(each, mark)) || world.model.wasRemoved(mark)) continue;
    if (![...kept].some((each) => world.model.descends(each, mark))) world.breaks('L5', `v${mark} is nowhere`);
  }
}
