import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mergeItems } from '../../../src/content/merge/merge-items.ts';
import type { Kind } from '../../../src/model/item.ts';

/**
 * A case of `test/golden/merge`: `=== title`, then `--- base`, `--- a`, `--- b`, and what becomes of them, `--- merged`,
 * `--- overlap` or `--- impossible`. The beginning of the file's name says in what the lines stand.
 */
export interface GoldenCase {
  readonly file: string;
  readonly title: string;
  readonly kind: Kind;
  readonly base: string;
  readonly a: string;
  readonly b: string;
  /** The last part, with its headline. */
  readonly outcome: string;
}

const GOLDEN = join(import.meta.dirname, '../../golden/merge');

export function goldenCases(): readonly GoldenCase[] {
  return readdirSync(GOLDEN)
    .toSorted()
    .flatMap((file) =>
      readFileSync(join(GOLDEN, file), 'utf8')
        .split(/^=== /m)
        .slice(1)
        .map((text) => caseOf(file, text)),
    );
}

/** What becomes of a case, as its last part has to say it. */
export function outcomeOf({ file, kind, base, a, b }: GoldenCase): string {
  const result = mergeItems(kind, base, a, b);
  switch (result.type) {
    case 'merged':
      return `--- merged\n${unwrapped(file, result.text)}`;
    case 'overlap': {
      const lines = result.overlaps.map(({ component, property, ...values }) => {
        const place = `${component.type}${component.recurrenceId === undefined ? '' : ` of ${component.recurrenceId}`}`;
        return `${place}, ${property}: ${values.a ?? 'nothing'} | ${values.b ?? 'nothing'}\n`;
      });
      return `--- overlap\n${lines.join('')}`;
    }
    case 'impossible':
      return `--- impossible\n${result.reason}\n`;
  }
}

function caseOf(file: string, text: string): GoldenCase {
  const [title = '', base = '', a = '', b = ''] = text.split(/^--- (?:base|a|b)\n|^(?=--- )/m);
  const kind = /BEGIN:VCARD/.test(wrapped(file, base)) ? 'address-book' : 'calendar';
  return {
    file,
    title: title.trim(),
    kind,
    base: wrapped(file, base),
    a: wrapped(file, a),
    b: wrapped(file, b),
    outcome: /^--- (?:merged|overlap|impossible)\n[\s\S]*/m.exec(text)?.[0] ?? '',
  };
}

const WRAPPERS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  event: [
    'BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//a//b//EN\nBEGIN:VEVENT\nUID:1\nDTSTART:20240105T090000Z\n',
    'END:VEVENT\nEND:VCALENDAR\n',
  ],
  entry: ['BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//a//b//EN\nBEGIN:VEVENT\nUID:1\n', 'END:VEVENT\nEND:VCALENDAR\n'],
  todo: ['BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//a//b//EN\nBEGIN:VTODO\nUID:1\n', 'END:VTODO\nEND:VCALENDAR\n'],
  calendar: ['BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//a//b//EN\n', 'END:VCALENDAR\n'],
  card3: ['BEGIN:VCARD\nVERSION:3.0\nUID:1\n', 'END:VCARD\n'],
  card4: ['BEGIN:VCARD\nVERSION:4.0\nUID:1\n', 'END:VCARD\n'],
  text: ['', ''],
};

const wrapperOf = (file: string): readonly [string, string] => WRAPPERS[file.split('-')[0] ?? ''] ?? ['', ''];

function wrapped(file: string, lines: string): string {
  const [before, after] = wrapperOf(file);
  return `${before}${lines}${after}`.replaceAll('\n', '\r\n');
}

/** Line ends other than CRLF stay visible; so does what is not in its frame. */
function unwrapped(file: string, text: string): string {
  const plain = text.replaceAll('\r\n', '\n');
  const [before, after] = wrapperOf(file);
  if (!plain.startsWith(before) || !plain.endsWith(after)) return plain;
  return plain.slice(before.length, plain.length - after.length);
}
