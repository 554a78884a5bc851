import { unreachable } from '../../model/errors.ts';
import { otherSide, type Side, type Sides } from '../../model/sides.ts';
import type { OpenConflict, OpenItemConflict, Settlement } from '../../sync/conflict-settler.ts';
import type { Keys } from '../../system/terminal-keys.ts';
import { Interruption } from '../interruption.ts';
import type { Print } from '../print.ts';
import { type Decision, isPossible } from './conflict-decisions.ts';
import type { Edit } from './conflict-edit.ts';
import { conflictLines, differenceLines, mergeOf } from './shown-conflict.ts';

export interface DialogTerms {
  readonly terminal: Keys;
  readonly print: Print;
  /** What the storages are called. */
  readonly names: Sides<string>;
  readonly readOnly: ReadonlySet<Side>;
  readonly keepsHistory: boolean;
  readonly edit: (conflict: OpenItemConflict) => Promise<Edit>;
  readonly signal: AbortSignal;
}

export interface Answers {
  readonly decisions: readonly Decision[];
  /** The person wants to see no other conflict. */
  readonly quit: boolean;
}

/**
 * Shows one conflict after the other to a person, who decides or does not. All is printed on standard error. Throws an
 * `Interruption` where the person breaks it off by Ctrl-C, and the signal's reason.
 */
export async function askForDecisions(conflicts: readonly OpenConflict[], terms: DialogTerms): Promise<Answers> {
  const decisions: Decision[] = [];
  for (const [index, conflict] of conflicts.entries()) {
    if (index > 0) terms.print.note('');
    if (conflicts.length > 1) terms.print.note(`conflict ${index + 1} of ${conflicts.length}`, 'faint');
    for (const { text, style } of conflictLines(conflict, terms.names)) terms.print.note(text, style);
    const answer = await askForOne(conflict, terms);
    if (answer === 'quit') return { decisions, quit: true };
    if (answer !== 'skip') decisions.push({ conflict, settlement: answer });
  }
  return { decisions, quit: false };
}

type Answer = Settlement | 'skip' | 'quit';

async function askForOne(conflict: OpenConflict, terms: DialogTerms): Promise<Answer> {
  const keys = conflict.type === 'item' ? KEYS : KEYS.filter((key) => key !== 'm' && key !== 'e');
  for (;;) {
    const key = await press(`What becomes of it? [${keys.join(',')}]`, terms);
    const answer = await answerOf(keys.find((each) => each === key) ?? '?', conflict, terms);
    if (answer === undefined) continue;
    if (typeof answer === 'string' || isPossible(answer, terms.readOnly)) return answer;
    terms.print.note(`  ${readOnlyText(answer, terms)}, so this cannot be done`, 'warning');
  }
}

const KEYS = ['a', 'b', 'm', 'e', 's', 'q', '?'] as const;

/** The end of what a person can say is a wish to quit. */
async function press(question: string, { terminal, signal }: DialogTerms): Promise<string> {
  const pressed = await terminal.press(question, signal);
  switch (pressed.type) {
    case 'key':
      return pressed.key;
    case 'ended':
      return 'q';
    case 'interrupted':
      signal.throwIfAborted();
      throw new Interruption('SIGINT');
    default:
      return unreachable(pressed);
  }
}

/** Undefined: the person is to be asked again. */
async function answerOf(
  key: (typeof KEYS)[number],
  conflict: OpenConflict,
  terms: DialogTerms,
): Promise<Answer | undefined> {
  switch (key) {
    case 'a':
    case 'b':
      return { type: 'keep', side: key };
    case 'm':
      return conflict.type === 'item' ? merge(conflict, terms) : undefined;
    case 'e':
      return conflict.type === 'item' ? edit(conflict, terms) : undefined;
    case 's':
      return 'skip';
    case 'q':
      return 'quit';
    case '?':
      showHelp(conflict, terms);
      return undefined;
    default:
      return unreachable(key);
  }
}

function merge(conflict: OpenItemConflict, { print }: DialogTerms): Settlement | undefined {
  const merged = mergeOf(conflict);
  if (merged === undefined) {
    print.note('  they cannot be merged: it is not known what both sides had before', 'warning');
    return undefined;
  }
  switch (merged.type) {
    case 'merged':
      return { type: 'text', text: merged.text };
    case 'overlap':
      print.note('  they cannot be merged, since both sides changed this:', 'warning');
      for (const { text, style } of merged.overlaps.flatMap(differenceLines)) print.note(text, style);
      return undefined;
    case 'impossible':
      print.note(`  they cannot be merged: ${merged.reason}`, 'warning');
      return undefined;
    default:
      return unreachable(merged);
  }
}

async function edit(conflict: OpenItemConflict, terms: DialogTerms): Promise<Settlement | undefined> {
  const edited = await terms.edit(conflict);
  if (edited.type === 'text') return edited;
  terms.print.note(`  ${edited.reason}`, 'warning');
  return undefined;
}

function showHelp(conflict: OpenConflict, { print, names, keepsHistory }: DialogTerms): void {
  const isItem = conflict.type === 'item';
  for (const line of [
    `a  keep what ${names.a} has, and replace that of ${names.b}`,
    `b  keep what ${names.b} has, and replace that of ${names.a}`,
    ...(isItem ? ['m  merge: take what each side changed, where nothing overlaps'] : []),
    ...(isItem ? ['e  edit one text of both, which both sides get'] : []),
    's  leave this one as it is, for another time',
    'q  end; what was decided before is done',
  ]) {
    print.note(`  ${line}`);
  }
  if (isItem && keepsHistory) print.note('  What is replaced goes to the history.', 'faint');
}

function readOnlyText(answer: Settlement, { names, readOnly }: DialogTerms): string {
  const side = answer.type === 'keep' ? otherSide(answer.side) : readOnly.has('a') ? 'a' : 'b';
  return `${names[side]} takes no writes`;
}
