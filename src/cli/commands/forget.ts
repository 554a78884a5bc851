import { LockedError, UsageError } from '../../model/errors.ts';
import type { ForgetCommand } from '../call/command.ts';
import { readConfiguration } from '../configuration.ts';
import type { Ending } from '../exit-code.ts';
import { fetchFor } from '../fetched-values.ts';
import { type ChosenPair, choosePairs } from '../pairs/chosen-pairs.ts';
import { withLockedStatus } from '../pairs/locked-status.ts';
import { lookAtStatus } from '../pairs/look-at-status.ts';
import { runningProcess } from '../pairs/pair-lock.ts';
import { unknownCollection } from '../pairs/unknown-collection.ts';
import { printJson } from '../reporters/json.ts';
import { placeOf } from '../reporters/sentences.ts';
import type { Session } from '../session.ts';

/** Drops what is known of pairs or collections, so that their next run is a first one. The history stays. */
export async function forget(command: ForgetCommand, session: Session): Promise<Ending> {
  const config = await readConfiguration(session);
  const chosen = choosePairs(config, command.names);
  const { statusPath } = await fetchFor([], config, session);
  const known = chosen.map((each) => ({ ...each, collections: lookAt(statusPath, each) }));
  // Everybody is asked, and every mistake found, before anything is forgotten.
  if (!command.yes && !(await confirmed(known, session))) return 'done';
  for (const { settings, only, collections } of known) {
    await withLockedStatus(statusPath, settings.name, AT_ONCE, async (status) => status.startOver(only));
    show(settings.name, collections, session);
  }
  return 'done';
}

const AT_ONCE = { waitMs: 0, onWait: () => undefined };

/** What is about to be forgotten, by name, with the number of items. */
type KnownCollections = ReadonlyMap<string, number>;

function lookAt(statusPath: string, { settings, only }: ChosenPair): KnownCollections {
  const { name: pair, rules } = settings;
  const running = runningProcess(statusPath, pair);
  if (running !== undefined) {
    throw new LockedError(`process ${running.pid ?? 'unknown'} is syncing pair "${pair}"`, {
      hint: 'wait until it has ended, and try again',
    });
  }
  return lookAtStatus(statusPath, pair, (status) => {
    const mappings = status.mappings();
    const names = new Set([...rules.mappings, ...mappings].map(({ name }) => name));
    const mistake = unknownCollection(pair, only, names);
    if (mistake !== undefined) throw mistake;
    const counts = new Map<string, number>();
    for (const { name, hrefs } of mappings) {
      if (only?.has(name) === false) continue;
      counts.set(name, (counts.get(name) ?? 0) + status.mapping(name, hrefs).count());
    }
    return counts;
  });
}

async function confirmed(
  known: readonly (ChosenPair & { readonly collections: KnownCollections })[],
  { outside, options, print }: Session,
): Promise<boolean> {
  const terminal = options.json ? undefined : await outside.terminal();
  if (terminal === undefined) {
    throw new UsageError('forget asks on the terminal, and there is none', { hint: '--yes is the answer beforehand' });
  }
  for (const { settings, collections } of known) {
    for (const [name, items] of collections) print.note(`${placeOf(settings.name, name)}: ${itemsText(items)}`);
  }
  const question =
    'Forget that both sides agree on these? No item is deleted; the next run compares all of them. [y/N]';
  return /^\s*y(es)?\s*$/i.test((await terminal.ask(question, 'shown')) ?? '');
}

function show(pair: string, collections: KnownCollections, { options, print }: Session): void {
  for (const [collection, items] of collections) {
    if (options.json) printJson(print, 'forgotten', { pair, collection, items });
    else print.result(`${placeOf(pair, collection)}: forgotten (${itemsText(items)})`);
  }
  if (collections.size === 0 && !options.json) print.result(`${pair}: nothing was known`);
}

const itemsText = (items: number): string => (items === 1 ? '1 item' : `${items} items`);
