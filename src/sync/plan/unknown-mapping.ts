import { href } from '../../model/names.ts';
import type { MappingStatus } from '../../status/status.ts';

/** What the status knows of a mapping that does not exist yet: nothing. It takes no writes. */
export function unknownMapping(name: string): MappingStatus {
  const refuse = (): never => {
    throw new Error(`this should not happen: "${name}" is written to before it exists`);
  };
  return {
    id: -1,
    name,
    hrefs: { a: href(''), b: href('') },
    count: () => 0,
    eachAgreed: () => undefined,
    nowhere: () => [],
    agreement: () => undefined,
    agreementAt: () => undefined,
    baseText: () => undefined,
    sightings: () => [],
    intents: () => [],
    waiting: () => [],
    checkpoint: () => undefined,
    property: () => undefined,
    isOlder: () => false,
    commit: refuse,
    wait: refuse,
  };
}
