import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { withoutSecrets } from '../../config/secret.ts';
import { howItEnded } from '../../config/source.ts';
import { isWellFormed } from '../../content/inspect.ts';
import { readItem } from '../../content/item.ts';
import { hasMarks, markDifferences } from '../../content/mark-differences.ts';
import type { ConflictWay } from '../../model/rules.ts';
import { SIDES, type Sides } from '../../model/sides.ts';
import type { OpenItemConflict } from '../../sync/conflict-settler.ts';
import { runOnTerminal } from '../../system/terminal-program.ts';
import type { Outside } from '../outside.ts';
import { agreedText, withFiles } from './run-resolver.ts';
import { mergeOf } from './shown-conflict.ts';

export interface EditTerms {
  readonly config: Config;
  readonly ways: readonly ConflictWay[];
  /** What the storages are called. */
  readonly names: Sides<string>;
  readonly env: Outside['env'];
  readonly signal: AbortSignal;
}

/** `reason`: why nothing came of it, as a sentence without a full stop. */
export type Edit =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'nothing'; readonly reason: string };

/**
 * Lets a person make one text of both versions: in the program of the pair's `cmd` way, else in an editor, which gets
 * what merging makes of them or, where they overlap, both with marks. Throws the signal's reason.
 */
export async function editConflict(conflict: OpenItemConflict, terms: EditTerms): Promise<Edit> {
  const way = terms.ways.find((each) => each.type === 'cmd');
  const edit = way === undefined ? await inEditor(conflict, terms) : await inProgram(way, conflict, terms);
  terms.signal.throwIfAborted();
  if (edit.type === 'nothing') return edit;
  const reason = problemOf(edit.text, conflict);
  return reason === undefined ? edit : { type: 'nothing', reason };
}

function inProgram(
  { program, args }: Extract<ConflictWay, { type: 'cmd' }>,
  conflict: OpenItemConflict,
  terms: EditTerms,
): Promise<Edit> {
  return withFiles(conflict, async ({ a, b, base }) => {
    const env = { ...envOf(terms), ...(base === undefined ? {} : { PIMSYNC_BASE: base }) };
    const result = await runOnTerminal({ program, args: [...args, a, b], env, signal: terms.signal });
    if (result.type !== 'done') return nothing(`"${program}" ${howItEnded(result, 0)}`);
    const text = await agreedText(a, b);
    return text === undefined ? nothing(`"${program}" did not leave two equal files`) : { type: 'text', text };
  });
}

async function inEditor(conflict: OpenItemConflict, terms: EditTerms): Promise<Edit> {
  const { VISUAL = '', EDITOR = '' } = terms.env;
  const editor = VISUAL === '' ? EDITOR : VISUAL;
  if (editor === '')
    return nothing('neither VISUAL nor EDITOR names an editor: set one of them, to "nano" for instance');
  return withFiles(conflict, async (files) => {
    const given = textToEdit(conflict, terms.names);
    const path = join(dirname(files.a), conflict.kind === 'calendar' ? 'edit.ics' : 'edit.vcf');
    await writeFile(path, given, { mode: 0o600 });
    // It may be more than a program's name, and all others let a shell read it.
    const args = ['-c', `${editor} "$@"`, editor, path];
    const result = await runOnTerminal({ program: 'sh', args, env: envOf(terms), signal: terms.signal });
    if (result.type !== 'done') return nothing(`the editor ${howItEnded(result, 0)}`);
    const text = await agreedText(path, path);
    if (text === undefined) return nothing('the editor left no text');
    if (text === given) return nothing('nothing was changed');
    // An editor may end the lines that it adds in its own way.
    return { type: 'text', text: /[^\r]\n/.test(given) ? text : text.replaceAll(/\r?\n/g, '\r\n') };
  });
}

function textToEdit(conflict: OpenItemConflict, names: Sides<string>): string {
  const merge = mergeOf(conflict);
  return merge?.type === 'merged' ? merge.text : markDifferences(conflict.texts, names);
}

const envOf = ({ config, env }: EditTerms): Outside['env'] => withoutSecrets(config, env);

/** Why a text cannot take the place of both versions. */
function problemOf(text: string, { ident, kind, texts }: OpenItemConflict): string | undefined {
  if (hasMarks(text)) return 'marks are still in it: keep what is right between them, and remove them';
  const reading = readItem(text, kind);
  if (reading.type === 'unreadable') return `the result is no item: ${reading.reason}`;
  if (reading.item.ident !== ident) return 'the result has another UID, which makes it another item';
  if (isWellFormed(text, kind) || SIDES.some((side) => !isWellFormed(texts[side], kind))) return undefined;
  return `the result is not well-formed ${kind === 'calendar' ? 'iCalendar' : 'vCard'}`;
}

const nothing = (reason: string): Edit => ({ type: 'nothing', reason });
