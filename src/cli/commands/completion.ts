import { callShape } from '../call/call-shape.ts';
import type { Shell } from '../call/command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { Ending } from '../exit-code.ts';
import type { Session } from '../session.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** Prints what makes a shell complete calls of this program. Reads no configuration; the script does, through `list`. */
export async function completion(shell: Shell, { outside }: Session): Promise<Ending> {
  outside.stdout.write(SCRIPTS[shell](callShape()));
  return 'done';
}
