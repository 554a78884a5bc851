import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callShape } from '../../../src/cli/call/call-shape.ts';
import type { Shell } from '../../../src/cli/call/command.ts';
import { bashCompletion } from '../../../src/cli/completion/bash.ts';
import { fishCompletion } from '../../../src/cli/completion/fish.ts';
import { zshCompletion } from '../../../src/cli/completion/zsh.ts';

export const hasShell = (shell: Shell): boolean => {
  try {
    execFileSync(shell, ['-c', 'exit 0'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
};

/** Stands for the program: the script asks it for the names that the configuration has. */
const PROGRAM = `#!/bin/sh
case "$*" in
  'list pairs') printf '%s\\n' calendars contacts ;;
  'list collections') printf '%s\\n' 'calendars/work' "calendars/My wife's" ;;
  'list storages') printf '%s\\n' laptop server ;;
  "-c $HOME/other.conf list pairs") echo others ;;
  *) echo "pimsync $* is not expected" >&2; exit 2 ;;
esac
`;

/** What a shell with the completion loaded offers where the cursor stands behind each line, without descriptions. */
export function offersIn(shell: Shell, lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pimsync-completion-'));
  try {
    const home = join(folder, 'home');
    mkdirSync(home);
    writeFileSync(join(home, 'other.conf'), '');
    const program = join(folder, 'pimsync');
    writeFileSync(program, PROGRAM);
    chmodSync(program, 0o755);
    const file = join(folder, 'script');
    const { script, args } = SHELLS[shell];
    writeFileSync(file, script());
    const { PATH = '' } = process.env;
    const printed = execFileSync(shell, [...args, file, ...lines], {
      cwd: home,
      env: { PATH: `${folder}:${PATH}`, HOME: home, TERM: 'dumb' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const offers = printed.split('\n').map((line) => /^offer:([0-9]+):([^\t]*)/.exec(line));
    return new Map(
      lines.map((line, index) => [
        line,
        offers.flatMap((offer) => (Number(offer?.[1]) === index && offer?.[2] ? [offer[2]] : [])),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As readline does: the words as they are written, split at spaces and before and behind an equals sign. */
const BASH = `
. "$1"; shift
index=0
for line; do
  read -ra COMP_WORDS <<< "\${line//=/ = }"
  if [[ $line == *' ' ]]; then COMP_WORDS+=(''); fi
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _pimsync pimsync
  for offer in "\${COMPREPLY[@]}"; do printf 'offer:%s:%s\\n' "$index" "$offer"; done
  index=$((index + 1))
done
`;

/** The line editor works on a terminal only, so an inner shell gets one, and writes down what it would list. */
const ZSH = `
zmodload zsh/zpty
script=$1; shift
print -r -- "script=$script" > $script.inner
cat >> $script.inner <<'INNER'
PS1=; index=0; out=$script.out; : > $out
unsetopt prompt_cr prompt_sp
autoload -Uz compinit; compinit -u -D
source $script
compadd() {
  # With these it only looks which words there are.
  if [[ \${@[(I)-[OAD]]} -ne 0 ]]; then builtin compadd "$@"; return; fi
  local -a found; builtin compadd -O found "$@"
  (( $#found )) && print -rl -- "offer:$index:"\${^found} >> $out
  builtin compadd "$@"
}
offer() { _main_complete }; zle -C offer complete-word offer; bindkey '^I' offer
next() { BUFFER=; (( index++ )); }; zle -N next; bindkey '^X' next
leave() { exit }; zle -N leave; bindkey '^Y' leave
INNER
zpty inner "zsh -f -i"
zpty -w inner "source $script.inner"
for line; do zpty -w -n inner "$line"$'\\t\\x18'; done
zpty -w -n inner $'\\x19'
while zpty -r inner line; do :; done
sort -u $script.out
`;

const FISH = `
source $argv[1]
set -e argv[1]
set index 0
for line in $argv
  for offer in (complete -C $line); echo offer:$index:$offer; end
  set index (math $index + 1)
end
`;

interface Loading {
  readonly script: () => string;
  /** Before the file of the script, and the lines. */
  readonly args: readonly string[];
}

const SHELLS: Readonly<Record<Shell, Loading>> = {
  bash: { script: () => bashCompletion(callShape()), args: ['--norc', '-c', BASH, 'bash'] },
  zsh: { script: () => zshCompletion(callShape()), args: ['-f', '-c', ZSH, 'zsh'] },
  fish: { script: () => fishCompletion(callShape()), args: ['--no-config', '-c', FISH] },
};
