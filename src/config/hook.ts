import { readBlock, required } from './block.ts';
import { HOOK } from './directives.ts';
import type { Reading } from './reading.ts';
import type { SyntaxNode } from './syntax.ts';
import { readCommand } from './value.ts';

/** What is run after a run that changed something. */
export interface Hook {
  /** Looked for in `$PATH`, or a path. */
  readonly program: string;
  readonly args: readonly string[];
}

const FORM = 'hook { cmd PROGRAM ARG… }';

export function readHook(node: SyntaxNode, reading: Reading): Hook | undefined {
  if (node.block === undefined || node.block.length === 0 || node.words.length > 0) {
    if (node.whole) reading.mistake(node.at, `"hook" takes a block; it is written: ${FORM}`);
    return undefined;
  }
  const block = readBlock({ what: '"hook"', at: node.at, whole: node.whole, nodes: node.block }, HOOK, reading);
  const cmd = required(block, 'cmd', reading);
  const command = cmd && readCommand(cmd, 0, reading);
  return command && { program: command.program, args: command.args };
}
