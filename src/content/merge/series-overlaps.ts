import { otherSide, SIDES, type Side } from '../../model/sides.ts';
import type { Component } from '../component.ts';
import { normaliseLine } from '../fingerprint.ts';
import { contentOf } from './content-of.ts';
import { placeOf } from './describe-differences.ts';
import type { Difference } from './difference.ts';
import { instantOf } from './instant.ts';
import { type Children, matchChildren, occurrenceOf } from './match-children.ts';
import { ruleOf, SERIES_TIMES } from './property-rule.ts';
import { readableLine } from './readable.ts';
import { mapVersions, type Versions } from './versions.ts';

/**
 * What both sides changed at different places of a series and yet does not go together: new times of the series, or an
 * occurrence taken out, on one side, and an occurrence edited on the other, which may not be one any more; a task that
 * repeats, put off or moved on by one side and completed by the other.
 */
export function seriesOverlaps(calendars: Versions<Component>): readonly Difference[] {
  const children = matchChildren(calendars);
  const series = [...children.base].filter(
    ([key, child]) => child.name !== 'VTIMEZONE' && !key.includes('\n') && occurrenceOf(child) === undefined,
  );
  return series.flatMap(([key, base]) => {
    const a = children.a.get(key);
    const b = children.b.get(key);
    if (a === undefined || b === undefined) return [];
    return SIDES.flatMap((side) => [
      ...overrideOverlaps({ base, a, b }, children, side),
      ...progressOverlaps({ base, a, b }, side),
    ]);
  });
}

/** `side` changed the series, the other one an occurrence. */
function overrideOverlaps(
  series: Versions<Component>,
  children: Versions<Children>,
  side: Side,
): readonly Difference[] {
  const other = otherSide(side);
  const times = mapVersions(series, (each) => formOf(each, (name) => SERIES_TIMES.has(name)));
  const isMoved = times[side] !== times.base && times[side] !== times[other];
  const known = exceptionsOf(series.base);
  const removed = new Set([...exceptionsOf(series[side])].filter((moment) => !known.has(moment)));
  if (!isMoved && removed.size === 0) return [];
  const differences: Difference[] = [];
  for (const [key, override] of children[other]) {
    const moment = occurrenceOf(override);
    if (moment === undefined || override.name !== series.base.name) continue;
    const [before, here] = [children.base, children[side]].map((each) => contentIn(each, key));
    const content = contentOf(override);
    if (content === before || content === here || !(isMoved || removed.has(moment))) continue;
    const shown = {
      [side]: readable(series[side], (name) => SERIES_TIMES.has(name) || name === 'EXDATE'),
      [other]: readable(override, (name) => name === 'SUMMARY' || name === 'DTSTART' || name === 'DUE'),
    };
    differences.push({
      component: placeOf(override, undefined),
      property: 'RECURRENCE-ID',
      a: shown['a'],
      b: shown['b'],
    });
  }
  return differences;
}

/** `side` changed the times, the other one what was done. */
function progressOverlaps(tasks: Versions<Component>, side: Side): readonly Difference[] {
  const other = otherSide(side);
  if (tasks.base.name !== 'VTODO' || ![tasks.base, tasks.a, tasks.b].some(isRepeated)) return [];
  const isTime = (name: string): boolean => ruleOf(name, 'VTODO') === 'time';
  const isProgress = (name: string): boolean => ruleOf(name, 'VTODO') === 'progress';
  const times = mapVersions(tasks, (each) => formOf(each, isTime));
  const progress = mapVersions(tasks, (each) => formOf(each, isProgress));
  if (times[side] === times.base || times[side] === times[other]) return [];
  if (progress[other] === progress.base || progress[other] === progress[side]) return [];
  const shown = { [side]: readable(tasks[side], isTime), [other]: readable(tasks[other], isProgress) };
  return [{ component: placeOf(tasks.base, undefined), property: 'STATUS', a: shown['a'], b: shown['b'] }];
}

function isRepeated(task: Component): boolean {
  return task.lines.some(({ name }) => name === 'RRULE' || name === 'RDATE');
}

function exceptionsOf(series: Component): ReadonlySet<string> {
  const lines = series.lines.filter(({ name }) => name === 'EXDATE');
  return new Set(lines.flatMap((line) => line.value.split(',').map((value) => instantOf(line, value))));
}

function contentIn(children: Children, key: string): string | undefined {
  const child = children.get(key);
  return child && contentOf(child);
}

function formOf(component: Component, isWanted: (name: string) => boolean): string {
  return component.lines
    .filter(({ name }) => isWanted(name))
    .flatMap((line) => normaliseLine(line, false))
    .sort()
    .join('\n');
}

function readable(component: Component, isWanted: (name: string) => boolean): string {
  return component.lines
    .filter(({ name }) => isWanted(name))
    .map(readableLine)
    .join(', ');
}
