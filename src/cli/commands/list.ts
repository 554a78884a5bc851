import type { Config } from '../../config/config.ts';
import { unreachable } from '../../model/errors.ts';
import { openStatus } from '../../status/open-status.ts';
import { readConfiguration } from '../configuration.ts';
import type { Ending } from '../exit-code.ts';
import { fetchFor } from '../fetched-values.ts';
import { printJson } from '../reporters/json.ts';
import type { Session } from '../session.ts';

/** Names, one a line, for completion and scripts. No network: collections are those that the status knows. */
export async function list(what: 'pairs' | 'storages' | 'collections', session: Session): Promise<Ending> {
  const config = await readConfiguration(session);
  const names = await namesOf(what, config, session);
  for (const name of names) {
    if (session.options.json) printJson(session.print, 'name', { of: what, name });
    else session.print.result(name);
  }
  return 'done';
}

async function namesOf(
  what: 'pairs' | 'storages' | 'collections',
  config: Config,
  session: Session,
): Promise<readonly string[]> {
  switch (what) {
    case 'pairs':
      return config.pairs.map(({ name }) => name);
    case 'storages':
      return [...config.storages.keys()];
    case 'collections': {
      const { statusPath } = await fetchFor([], config, session);
      return config.pairs.flatMap(({ name, rules }) => {
        const named = rules.mappings.map((mapping) => mapping.name);
        return [...new Set([...named, ...knownCollections(statusPath, name)])]
          .sort()
          .map((collection) => `${name}/${collection}`);
      });
    }
    default:
      return unreachable(what);
  }
}

function knownCollections(statusPath: string, pair: string): readonly string[] {
  const status = openStatus(statusPath, pair, 'dry-run');
  try {
    return status.mappings().map(({ name }) => name);
  } finally {
    status.close();
  }
}
