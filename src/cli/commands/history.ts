import type { HistoryCommand } from '../call/command.ts';
import { readConfiguration } from '../configuration.ts';
import type { Ending } from '../exit-code.ts';
import { fetchFor } from '../fetched-values.ts';
import { choosePairs } from '../pairs/chosen-pairs.ts';
import { lookAtStatus } from '../pairs/look-at-status.ts';
import { unknownCollection } from '../pairs/unknown-collection.ts';
import { printJson } from '../reporters/json.ts';
import { placeOf, uidOf } from '../reporters/sentences.ts';
import type { Session } from '../session.ts';
import { versionLine, versionMembers } from '../versions/shown-version.ts';

/** Lists the versions that runs of a pair replaced or deleted, the newest first. No server is asked. */
export async function history(command: HistoryCommand, session: Session): Promise<Ending> {
  const config = await readConfiguration(session);
  const { options, print } = session;
  const { statusPath } = await fetchFor([], config, session);
  for (const { settings, only } of choosePairs(config, [command.pair])) {
    const { name, storages } = settings;
    const versions = lookAtStatus(statusPath, name, (status) => {
      const all = [...status.versions()];
      const known = new Set([...settings.rules.mappings, ...status.mappings()].map((mapping) => mapping.name));
      for (const { collection } of all) known.add(collection);
      const mistake = unknownCollection(name, only, known);
      if (mistake !== undefined) throw mistake;
      return all.filter(
        ({ collection, ident }) =>
          only?.has(collection) !== false && (command.uid === undefined || uidOf(ident) === command.uid),
      );
    });
    for (const version of versions) {
      if (options.json) printJson(print, 'version', versionMembers(name, version, storages));
      else print.result(versionLine(version, storages));
    }
    if (versions.length === 0 && !options.json) print.note(nothingKept(command, config.historyS));
  }
  return 'done';
}

function nothingKept({ pair, uid }: HistoryCommand, historyS: number): string {
  if (historyS === 0) return `${pair}: the configuration keeps no versions (history 0)`;
  const what = uid === undefined ? '' : ` of an item with the UID "${uid}"`;
  return `${placeOf(pair, undefined)}: no version${what} is kept`;
}
