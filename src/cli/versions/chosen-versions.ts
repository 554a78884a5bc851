import type { PairSettings } from '../../config/config.ts';
import { UsageError } from '../../model/errors.ts';
import type { KeptVersion } from '../../status/history.ts';
import { versionName } from '../../status/version-name.ts';
import { itemName } from '../reporters/sentences.ts';
import { versionLine } from './shown-version.ts';

/** How many versions a message lists. */
const MOST_LISTED = 10;

/**
 * The versions that words mean, each the beginning of a name. Throws `UsageError` where a word means none or several,
 * and where two are of one item, of which only one can be put back. `kept`: all of the pair, the newest first.
 */
export function chooseVersions(
  kept: readonly KeptVersion[],
  words: readonly string[],
  pair: PairSettings,
): readonly KeptVersion[] {
  const chosen = new Map<string, KeptVersion>();
  for (const word of words) {
    const version = chooseVersion(kept, word, pair);
    const key = keyOf(version);
    const other = chosen.get(key);
    if (other !== undefined && other !== version) {
      const names = [other, version].map(({ id }) => versionName(id)).join(' and ');
      const what = itemName(version.ident, version.summary);
      throw new UsageError(`${names} are versions of one item, ${what}; one of them can be put back`);
    }
    chosen.set(key, version);
  }
  return [...chosen.values()];
}

function chooseVersion(kept: readonly KeptVersion[], word: string, pair: PairSettings): KeptVersion {
  const start = word.toLowerCase();
  const meant = start === '' ? [] : kept.filter(({ id }) => versionName(id).startsWith(start));
  const [version, second] = meant;
  const hint = `"pimsync history ${pair.name}" lists what is kept`;
  if (version === undefined) throw new UsageError(`pair "${pair.name}" keeps no version "${word}"`, { hint });
  if (second === undefined) return version;
  const lines = meant.slice(0, MOST_LISTED).map((each) => `\n  ${versionLine(each, pair.storages)}`);
  throw new UsageError(`several versions begin with "${word}":${lines.join('')}`, { hint });
}

/**
 * What undoes the replacements and deletions of a run: of each item the version that was there before it. What a
 * storage rewrote by itself is nobody's version, where there is another one.
 */
export function versionsBefore(kept: readonly KeptVersion[], run: number, pair: PairSettings): readonly KeptVersion[] {
  const before = new Map<string, KeptVersion>();
  for (const version of [...kept].reverse()) {
    if (version.run !== run) continue;
    const known = before.get(keyOf(version));
    if (known === undefined || (known.reason === 'rewritten' && version.reason !== 'rewritten')) {
      before.set(keyOf(version), version);
    }
  }
  if (before.size > 0) return [...before.values()];
  const runs = [...new Set(kept.map((version) => version.run))].filter((each) => each !== undefined);
  const listed = runs.slice(0, MOST_LISTED).join(', ');
  throw new UsageError(`nothing is kept that run ${run} of pair "${pair.name}" replaced or deleted`, {
    hint: runs.length === 0 ? 'nothing is kept of any run' : `versions are kept of the runs ${listed}`,
  });
}

const keyOf = ({ collection, ident }: KeptVersion): string => `${collection}\0${ident}`;
