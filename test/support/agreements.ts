import type { Agreement } from '../../src/model/agreement.ts';
import { must } from '../../src/model/errors.ts';
import type { Ident } from '../../src/model/names.ts';
import type { MappingStatus } from '../../src/status/status.ts';

/** All agreements of a mapping, in no order. */
export function agreementsOf(mapping: MappingStatus): readonly Agreement[] {
  const idents: Ident[] = [];
  mapping.eachAgreed('a', (_href, _etag, ident) => idents.push(ident));
  return idents.map((ident) => must(mapping.agreement(ident), 'what is agreed has an agreement'));
}
