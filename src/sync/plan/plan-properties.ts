import { type Properties, propertiesOf } from '../../model/collection.ts';
import type { Kind } from '../../model/item.ts';
import { type Fingerprint, fingerprint } from '../../model/names.ts';
import type { PairRules } from '../../model/rules.ts';
import { bySide, SIDES, type Side, type Sides } from '../../model/sides.ts';
import { decideProperty, type PropertyAction, propertyFacts } from '../../reconcile/properties.ts';
import type { MappingStatus, Waiting } from '../../status/status.ts';

export interface PropertyPlanTerms {
  readonly kind: Kind;
  readonly mapping: MappingStatus;
  readonly properties: Sides<Properties>;
  readonly rules: PairRules;
  readonly readOnly: ReadonlySet<Side>;
}

/**
 * What to do with the properties of two collections. A value that a storage refused before is not sent again, and of
 * what was held before nothing is told again.
 */
export function planProperties(terms: PropertyPlanTerms): readonly PropertyAction[] {
  const { kind, mapping, properties, rules, readOnly } = terms;
  const names = propertiesOf(kind).filter((name) => rules.properties.includes(name));
  const noted = new Map(mapping.waiting().flatMap((each) => (isNoted(each) ? [[each.subject, each]] : [])));
  const writable = new Set(SIDES.filter((side) => !readOnly.has(side)));
  const decisionTerms = { ways: rules.conflictResolution, oneWay: rules.oneWay, writable };
  return propertyFacts(names, properties, (name) => mapping.property(name)).flatMap((facts) => {
    const before = noted.get(propertySubject(facts.name));
    const versions = propertyVersions(facts.values);
    const isSame = before !== undefined && SIDES.every((side) => before.versions[side] === versions[side]);
    if (isSame && before.type === 'failed') return [];
    const action = decideProperty(facts, decisionTerms);
    return action === undefined || (isSame && action.type === 'hold') ? [] : action;
  });
}

/** What a property goes by among what waits. */
export const propertySubject = (name: string): string => `property:${name}`;

export const isNoted = ({ type, subject }: Waiting): boolean =>
  (type === 'failed' || type === 'held') && subject.startsWith('property:');

export const propertyVersions = (values: Sides<string | undefined>): Sides<Fingerprint | undefined> =>
  bySide((side) => (values[side] === undefined ? undefined : fingerprint(values[side])));
