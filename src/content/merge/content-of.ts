import type { Component } from '../component.ts';
import { isLeftOut, normaliseLine } from '../fingerprint.ts';
import { ruleOf } from './property-rule.ts';

/**
 * A component in one form for all that say the same: without what programs stamp, and regardless of order. It is less
 * than the fingerprint looks at: a component of which only this stays equal was not edited by a person.
 */
export function contentOf(component: Component): string {
  const entries: string[] = [];
  const strays: string[] = [];
  for (const line of component.lines) {
    if (line.name === '') strays.push(line.value);
    else if (ruleOf(line.name, component.name) !== 'stamp' && !isLeftOut(line, component, undefined)) {
      entries.push(...normaliseLine(line, component.name === 'VCARD'));
    }
  }
  entries.push(...component.components.map(contentOf));
  return [`BEGIN:${component.name}`, ...entries.sort(), ...strays.map((stray) => `:${stray}`), 'END'].join('\n');
}
