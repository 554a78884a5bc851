import type { Config, PairSettings } from '../../config/config.ts';
import type { DaemonPair } from '../../daemon/daemon-pair.ts';
import { must } from '../../model/errors.ts';
import { bySide, SIDES, type Side } from '../../model/sides.ts';
import type { Storage } from '../../storage/storage.ts';
import { systemClock } from '../../system/clock.ts';
import { resolver } from '../conflicts/run-resolver.ts';
import type { Outside } from '../outside.ts';
import { withPair } from '../pairs/open-pair.ts';
import { openStorage } from '../pairs/open-storage.ts';
import { runHook } from '../run-hook.ts';
import type { KeptValues, Seen } from './kept-values.ts';

export interface KeptPairTerms {
  readonly config: Config;
  readonly kept: KeptValues;
  readonly env: Outside['env'];
}

/**
 * A pair of the configuration as the daemon wants it. Status and storages are opened for each run: between runs
 * nothing is held that could be stale after a suspend, or be in the way of others.
 */
export function keptPair(settings: PairSettings, { config, kept, env }: KeptPairTerms): DaemonPair {
  const storages = SIDES.map((side) => settings.storages[side]);
  const configured = bySide((side) =>
    must(config.storages.get(settings.storages[side]), 'the storages of a pair are configured'),
  );
  let seen: Seen = kept.seen(storages);
  return {
    name: settings.name,
    intervalsMs: bySide((side) => configured[side].intervalS * 1000),
    withOpen(tell, signal, work) {
      seen = kept.seen(storages);
      const terms = { config, fetched: kept.values, tell, signal };
      const runResolver = resolver({ config, env, signal });
      return withPair(settings, terms, (setup, status) =>
        work(setup, { status, clock: systemClock, tell, runResolver, signal }),
      );
    },
    openSide: (side, signal) => openSide(settings, side, { config, kept, signal }),
    async renewSecrets(side) {
      const isMeant = (name: string): boolean =>
        side === undefined ? kept.values.failures.has(name) : name === settings.storages[side];
      const renewed = await kept.renew(new Map([...seen].filter(([name]) => isMeant(name))));
      seen = kept.seen(storages);
      return renewed;
    },
    afterRun: (summary, tell, signal) => runHook(settings, summary, { config, env, tell, signal }),
  };
}

interface SideTerms {
  readonly config: Config;
  readonly kept: KeptValues;
  readonly signal: AbortSignal;
}

function openSide({ storages }: PairSettings, side: Side, { config, kept, signal }: SideTerms): Storage {
  const name = storages[side];
  const failure = kept.values.failures.get(name);
  if (failure !== undefined) throw failure;
  const configured = must(config.storages.get(name), `storage "${name}" is configured`);
  const settings = must(kept.values.settings.get(name), `the values of storage "${name}" were fetched`);
  return openStorage(configured, settings, {
    // It is only watched, or listed where that costs nothing.
    memory: { recall: () => undefined, remember: () => undefined },
    log: () => undefined,
    signal,
  });
}
