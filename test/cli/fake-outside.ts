import type { Outside } from '../../src/cli/outside.ts';
import type { Keys } from '../../src/system/terminal-keys.ts';
import type { Terminal } from '../../src/system/terminal-prompt.ts';

export interface FakeOutside extends Outside {
  /** What was written so far. */
  readonly texts: { stdout: string; stderr: string };
}

/** A process that remembers what was written to it. */
export function fakeOutside(
  args: readonly string[],
  more: {
    readonly env?: Readonly<Record<string, string>>;
    readonly isTTY?: boolean;
    /** Where it has no keys, they have ended. */
    readonly terminal?: Terminal & Partial<Keys>;
    readonly signal?: AbortSignal;
  } = {},
): FakeOutside {
  const texts = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({
    isTTY: more.isTTY === true,
    columns: 40,
    write: (text: string) => {
      texts[name] += text;
    },
  });
  return {
    args,
    env: more.env ?? {},
    homeDirectory: '/home/mira',
    stdout: output('stdout'),
    stderr: output('stderr'),
    terminal: async () => more.terminal && { press: async () => ({ type: 'ended' }), ...more.terminal },
    signal: more.signal ?? new AbortController().signal,
    onSignal: () => undefined,
    endsWellBySignal: () => undefined,
    texts,
  };
}
