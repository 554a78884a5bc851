import { type ContentLine, type Parameter, parametersOf } from '../content-line.ts';
import { normaliseParameters } from '../normal-parameters.ts';
import { mapVersions, type Versions } from './versions.ts';

/**
 * The parameters of one line that both sides changed, as text, from each side what it changed: one sets the PARTSTAT of
 * an attendee, the other the name. Undefined where both changed one parameter differently.
 */
export function mergeParameters(lines: Versions<ContentLine>): string | undefined {
  const versions = mapVersions(lines, byName);
  const texts: string[] = [];
  for (const name of new Set([...versions.a.keys(), ...versions.b.keys()])) {
    const { base, a, b } = mapVersions(versions, (each) => each.get(name));
    const normal = mapVersions({ base, a, b }, (parameters) => normaliseAs(lines.a, parameters));
    if (normal.a === normal.b || normal.b === normal.base) texts.push(...printed(a));
    else if (normal.a === normal.base) texts.push(...printed(b));
    else return undefined;
  }
  return texts.join(';');
}

/** The bare values of vCard 2.1 are types, or encodings, which stay as they are. */
function byName(line: ContentLine): ReadonlyMap<string, readonly Parameter[]> {
  const parametersByName = new Map<string, Parameter[]>();
  for (const parameter of parametersOf(line)) {
    const name = parameter.name === '' ? 'TYPE' : parameter.name;
    const same = parametersByName.get(name);
    if (same === undefined) parametersByName.set(name, [parameter]);
    else same.push(parameter);
  }
  return parametersByName;
}

function normaliseAs(line: ContentLine, parameters: readonly Parameter[] | undefined): string {
  return normaliseParameters({ ...line, parameters: printed(parameters).join(';') });
}

function printed(parameters: readonly Parameter[] | undefined): readonly string[] {
  return (parameters ?? []).map(({ name, values }) => {
    const text = values.map((value) => (/[,;:]/.test(value) ? `"${value}"` : value)).join(',');
    return name === '' ? text : `${name}=${text}`;
  });
}
