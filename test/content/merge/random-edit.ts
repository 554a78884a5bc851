import { type Component, readComponents } from '../../../src/content/component.ts';
import type { ContentLine } from '../../../src/content/content-line.ts';
import type { Kind } from '../../../src/model/item.ts';

/** A number from 0 to below `count`. */
export type Pick = (count: number) => number;

/** The same numbers for the same seed (mulberry32). */
export function seededPick(seed: number): Pick {
  let state = seed >>> 0;
  return (count) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
}

export interface RandomEdit {
  readonly text: string;
  /** The name of the property that it touched; of a new alarm, `BEGIN`. */
  readonly touched: string;
  /** In which component. */
  readonly component: string;
}

/** What a person might do to one property of an item: change, remove or add it. `word` is new to the item. */
export function editRandomly(text: string, kind: Kind, pick: Pick, word: string): RandomEdit {
  const structure = readComponents(text);
  const root = structure.type === 'components' ? structure.components[0] : undefined;
  const components = root ? entriesOf(root, kind) : [];
  const component = components[pick(Math.max(1, components.length))];
  if (component === undefined) return { text, touched: '', component: '' };
  const lines = component.lines.filter((line) => !UNTOUCHED.has(line.name) && line.name !== '');
  const way = pick(8);
  const line = lines[pick(Math.max(1, lines.length))];
  if (way < 2 || line === undefined) return add(text, component, pick, word);
  if (way === 2 && !NEEDED.has(line.name))
    return { text: exchange(text, line, ''), touched: line.name, component: component.name };
  return { text: exchange(text, line, changed(text, line, pick, word)), touched: line.name, component: component.name };
}

/** Entries, and their alarms. */
function entriesOf(root: Component, kind: Kind): readonly Component[] {
  if (kind === 'address-book') return [root];
  const entries = root.components.filter(({ name }) => name !== 'VTIMEZONE');
  return [...entries, ...entries.flatMap(({ components }) => components.filter(({ name }) => name === 'VALARM'))];
}

/** Stamps, and what identifies an item. */
const UNTOUCHED: ReadonlySet<string> = new Set([
  'CREATED',
  'DTSTAMP',
  'LAST-MODIFIED',
  'PRODID',
  'RECURRENCE-ID',
  'REV',
  'SEQUENCE',
  'UID',
  'VERSION',
]);

const NEEDED: ReadonlySet<string> = new Set(['ACTION', 'DTSTART', 'FN', 'N', 'TRIGGER']);

const exchange = (text: string, { start, end }: ContentLine, by: string): string =>
  text.slice(0, start) + by + text.slice(end);

/** Valid again, and other than before. */
function changed(text: string, line: ContentLine, pick: Pick, word: string): string {
  const raw = text.slice(line.start, line.end);
  const lineEnd = /[\r\n]+$/.exec(raw)?.[0] ?? '\r\n';
  const path = line.group === '' ? line.name : `${line.group}.${line.name}`;
  const head = `${path}${line.parameters === '' ? '' : `;${line.parameters}`}`;
  if (/^\d{8}/.test(line.value)) {
    const days = (Number(line.value.slice(6, 8)) % 27) + 1;
    return `${head}:${line.value.slice(0, 6)}${String(days).padStart(2, '0')}${line.value.slice(8)}${lineEnd}`;
  }
  if (line.name === 'RRULE') return `${head}:FREQ=DAILY;COUNT=${2 + pick(50)}${lineEnd}`;
  if (line.name === 'ATTENDEE') {
    const others = line.parameters.split(';').filter((parameter) => !/^(?:PARTSTAT=|$)/i.test(parameter));
    const answer = ['ACCEPTED', 'DECLINED', 'TENTATIVE'][pick(3)];
    if (pick(3) === 0) return `${head};X-NOTE=${word}:${line.value}${lineEnd}`;
    return `${[path, ...others, `PARTSTAT=${answer}`].join(';')}:${line.value}${lineEnd}`;
  }
  if (TYPED.has(line.name) && pick(3) === 0) {
    const others = line.parameters.split(';').filter((parameter) => !/^(?:TYPE=|$)/i.test(parameter));
    return `${[path, ...others, `TYPE=${word}`].join(';')}:${line.value}${lineEnd}`;
  }
  const fixed = WORDS.get(line.name);
  if (fixed !== undefined) return `${head}:${fixed[pick(fixed.length)]}${lineEnd}`;
  return `${head}:${line.value}${word}${lineEnd}`;
}

const TYPED: ReadonlySet<string> = new Set(['ADR', 'EMAIL', 'TEL']);

const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['ACTION', ['DISPLAY', 'AUDIO']],
  ['CLASS', ['PUBLIC', 'PRIVATE', 'CONFIDENTIAL']],
  ['DURATION', ['PT1H', 'PT2H', 'P1D']],
  ['GEO', ['1.5;2.5', '3.5;4.5']],
  ['PERCENT-COMPLETE', ['10', '50', '90']],
  ['PRIORITY', ['1', '5', '9']],
  ['REPEAT', ['1', '2', '3']],
  ['STATUS', ['CONFIRMED', 'TENTATIVE', 'CANCELLED']],
  ['TRANSP', ['OPAQUE', 'TRANSPARENT']],
  ['TRIGGER', ['-PT5M', '-PT20M', '-PT2H']],
]);

function add(text: string, component: Component, pick: Pick, word: string): RandomEdit {
  const lineEnd = /\r\n|\n|\r/.exec(text)?.[0] ?? '\r\n';
  const candidates = ADDITIONS.get(component.name) ?? OTHER_ADDITIONS;
  const lines = (candidates[pick(candidates.length)] ?? []).map((line) => line.replaceAll('$', word));
  const at = component.lines.at(-1)?.end ?? component.end;
  const added = lines.map((line) => line + lineEnd).join('');
  return {
    text: text.slice(0, at) + added + text.slice(at),
    touched: /[A-Z-]+/.exec(lines[0] ?? '')?.[0] ?? '',
    component: component.name,
  };
}

const OTHER_ADDITIONS = [['X-FIRST:$'], ['X-SECOND:$'], ['X-THIRD:$'], ['X-FOURTH:$']];
const ADDITIONS: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  [
    'VEVENT',
    [
      ['CATEGORIES:$'],
      ['ATTENDEE;CN=$:mailto:$@example.org'],
      ['COMMENT:$'],
      ['X-FIRST:$'],
      ['X-SECOND:$'],
      ['ATTACH:https://example.org/$'],
      ['BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:$', 'TRIGGER:-PT10M', 'END:VALARM'],
    ],
  ],
  [
    'VCARD',
    [
      ['TEL;TYPE=CELL:$'],
      ['EMAIL:$@example.org'],
      ['X-FIRST:$'],
      ['X-SECOND:$'],
      ['CATEGORIES:$'],
      ['item1.URL:https://example.org/$', 'item1.X-ABLabel:$'],
    ],
  ],
]);

/** What a person might do to the parts of an item: take one away, add an occurrence, or let a program order it anew. */
export function reshapeRandomly(text: string, kind: Kind, pick: Pick, word: string): string {
  const structure = readComponents(text);
  const root = structure.type === 'components' ? structure.components[0] : undefined;
  if (root === undefined) return text;
  if (kind === 'address-book') return reordered(text, root, pick);
  const lineEnd = /\r\n|\n|\r/.exec(text)?.[0] ?? '\r\n';
  const entries = root.components.filter(({ name }) => name !== 'VTIMEZONE');
  const parts = [...entries.slice(1), ...entries.flatMap(({ components }) => components)];
  const part = parts[pick(Math.max(1, parts.length))];
  const [series] = entries;
  const way = pick(4);
  if (way === 0 && part !== undefined) return text.slice(0, part.start) + text.slice(part.end);
  if (way === 1 && series !== undefined) return reordered(text, series, pick);
  if (way === 2 && series !== undefined) {
    const uid = series.lines.find(({ name }) => name === 'UID');
    const lines = [
      `BEGIN:${series.name}`,
      uid ? text.slice(uid.start, uid.end).replace(/[\r\n]+$/, '') : 'X-NONE:1',
      `RECURRENCE-ID:202503${10 + pick(3)}T090000Z`,
      'DTSTART:20250310T100000Z',
      `SUMMARY:${word}`,
      `END:${series.name}`,
    ];
    const added = lines.map((line) => line + lineEnd).join('');
    return text.slice(0, series.end) + added + text.slice(series.end);
  }
  const zones = ['BEGIN:VTIMEZONE', `TZID:Zone ${word}`, 'END:VTIMEZONE'].map((line) => line + lineEnd).join('');
  const at = root.components[0]?.start ?? root.end;
  return text.slice(0, at) + zones + text.slice(at);
}

/** The lines after the first few in another order; groups of a card with other numbers. */
function reordered(text: string, component: Component, pick: Pick): string {
  const lines = component.lines.slice(KEPT_IN_FRONT);
  const from = lines[0]?.start;
  const until = lines.at(-1)?.end;
  const isPlain = lines.every(({ end }, at) => lines[at + 1] === undefined || lines[at + 1]?.start === end);
  if (from === undefined || until === undefined || !isPlain || lines.some(({ name }) => name === '')) return text;
  const turn = pick(lines.length);
  const raws = lines.map(({ start, end }) => text.slice(start, end).replace(/^item(\d)\./i, 'item$1$1.'));
  return text.slice(0, from) + [...raws.slice(turn), ...raws.slice(0, turn)].join('') + text.slice(until);
}

/** VERSION has its place. */
const KEPT_IN_FRONT = 3;
