import type { Sides } from '../../model/sides.ts';
import type { KeptVersion } from '../../status/history.ts';
import type { HistoryReason } from '../../status/status.ts';
import { versionName } from '../../status/version-name.ts';
import { isoTime, localTime } from '../local-time.ts';
import { itemName, uidOf } from '../reporters/sentences.ts';

/** Why a version is in the history, as a person reads it. */
const REASONS: Readonly<Record<HistoryReason, string>> = {
  replaced: 'replaced',
  deleted: 'deleted',
  conflict: 'lost a conflict',
  undone: 'undone (one_way)',
  rewritten: 'rewritten by its server',
  surplus: 'a copy too many',
  restored: 'replaced by restore',
  repaired: 'repaired',
};

/** `3c6ef362  2026-11-22 14:03:05  run 12  laptop  deleted: "Dentist" (UID), in work` */
export function versionLine(version: KeptVersion, storages: Sides<string>): string {
  const { id, time, run, side, reason, ident, summary, collection } = version;
  const which = run === undefined ? '-' : `run ${run}`;
  const what = `${REASONS[reason]}: ${itemName(ident, summary)}, in ${collection}`;
  return [versionName(id), localTime(time), which.padEnd(7), storages[side], what].join('  ');
}

/** The members of an object `version`, as pimsync(1) describes it. */
export function versionMembers(
  pair: string,
  version: KeptVersion,
  storages: Sides<string>,
): Readonly<Record<string, unknown>> {
  const { id, collection, ident, side, href, time, reason, run, summary } = version;
  return {
    id: versionName(id),
    pair,
    collection,
    uid: uidOf(ident) ?? null,
    side,
    storage: storages[side],
    href,
    time: isoTime(time),
    reason,
    run: run ?? null,
    summary,
  };
}
