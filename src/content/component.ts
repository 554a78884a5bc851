import { type ContentLine, lineFinder } from './content-line.ts';
import { remembered } from './remembered.ts';

/** What stands between a BEGIN and its END, both included in `start` and `end`, which are offsets in the text. */
export interface Component {
  /** Upper case. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly lines: readonly ContentLine[];
  readonly components: readonly Component[];
}

export type Components =
  | { readonly type: 'components'; readonly components: readonly Component[] }
  | { readonly type: 'broken'; readonly reason: string };

/** What `walk` meets, in the order of the text. Names are in upper case. */
export interface Visitor {
  begin(name: string, line: ContentLine): void;
  property(line: ContentLine): void;
  end(name: string, line: ContentLine): void;
  /** A line before the first BEGIN or after the last END. What is answered ends the walk, as what is wrong. */
  outside(line: ContentLine): string | undefined;
  /** Where a component that is known as a whole ends: nothing is met in it. Asked of those within the outermost. */
  known?(name: string, line: ContentLine): number | undefined;
}

/** All components of a text. For a text of many megabytes use `walk`, which keeps nothing. */
export function readComponents(text: string): Components {
  return collect(text, () => undefined);
}

/**
 * As `readComponents`, for who asks for no places: a VTIMEZONE that stood in an item before, as programs write the same
 * one into each, is not read again, and its offsets are those of there.
 */
export function readUnplaced(text: string): Components {
  let areKnown = true;
  return collect(text, (name, { start }) => {
    if (name !== 'VTIMEZONE' || !areKnown) return undefined;
    const [zone = ''] = ZONE.exec(text.slice(start, start + LONGEST_ZONE)) ?? [];
    const known = zoneIn(zone);
    // One that is unlike others is enough to read all of a text by lines.
    areKnown = known !== NO_ZONE;
    return areKnown ? known : undefined;
  });
}

const LONGEST_ZONE = 4000;
/** What follows makes sure that its last line is not continued. */
const ZONE = /^BEGIN:VTIMEZONE\r?\n[\s\S]*?\nEND:VTIMEZONE\r?\n(?=[A-Z])/;

const zoneIn = remembered((text): Component => {
  const read = readComponents(text);
  const [zone = NO_ZONE, ...more] = read.type === 'components' ? read.components : [];
  const isPlain = more.length === 0 && zone.components.every(({ components }) => components.length === 0);
  return isPlain ? zone : NO_ZONE;
});

function collect(text: string, known: (name: string, line: ContentLine) => Component | undefined): Components {
  const root: OpenComponent = { name: '', start: 0, end: 0, lines: [], components: [] };
  const open: OpenComponent[] = [];
  let current = root;
  const reason = walk(text, {
    begin(name, line) {
      open.push(current);
      current = { name, start: line.start, end: 0, lines: [], components: [] };
    },
    property(line) {
      current.lines.push(line);
    },
    end(_, line) {
      const parent = open.pop() ?? root;
      current.end = line.end;
      parent.components.push(current);
      current = parent;
    },
    outside(line) {
      return `has text before BEGIN or after END (line ${lineNumberOf(text, line)})`;
    },
    known(name, line) {
      const component = known(name, line);
      if (component === undefined) return undefined;
      current.components.push(component);
      return line.start + component.end;
    },
  });
  return reason === undefined ? { type: 'components', components: root.components } : { type: 'broken', reason };
}

/**
 * Goes through a text once, in time and memory that do not depend on how deep it is. Answers what is wrong with its
 * structure, in words that may follow "it"; undefined: nothing is, and each BEGIN had its END.
 */
export function walk(text: string, visitor: Visitor): string | undefined {
  const open: { readonly name: string; readonly line: ContentLine }[] = [];
  const lineFrom = lineFinder(text);
  let at = 0;
  for (let line = lineFrom(at); line !== undefined; line = lineFrom(at)) {
    at = line.end;
    if (line.name === 'BEGIN') {
      const name = line.value.trim().toUpperCase();
      const end = open.length === 1 ? visitor.known?.(name, line) : undefined;
      if (end !== undefined) {
        at = end;
        continue;
      }
      if (open.length === MAX_DEPTH) return `has more than ${MAX_DEPTH} components in each other`;
      open.push({ name, line });
      visitor.begin(name, line);
    } else if (open.length === 0) {
      const reason = visitor.outside(line);
      if (reason !== undefined) return reason;
    } else if (line.name === 'END') {
      const name = line.value.trim().toUpperCase();
      if (open.pop()?.name !== name) return `has an END without its BEGIN (line ${lineNumberOf(text, line)})`;
      visitor.end(name, line);
    } else {
      visitor.property(line);
    }
  }
  const last = open.at(-1);
  return last && `is cut: a BEGIN has no END (line ${lineNumberOf(text, last.line)})`;
}

function lineNumberOf(text: string, line: ContentLine): number {
  return text.slice(0, line.start).split(/\r\n|\n|\r/).length;
}

/** iCalendar needs three or four; what goes far beyond was made to hurt. */
const MAX_DEPTH = 32;

const NO_ZONE: Component = { name: '', start: 0, end: 0, lines: [], components: [] };

interface OpenComponent {
  readonly name: string;
  readonly start: number;
  end: number;
  readonly lines: ContentLine[];
  readonly components: Component[];
}
