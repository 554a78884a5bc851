import { describe, expect, test } from 'vitest';
import { readArguments } from '../../src/cli/call/arguments.ts';
import { contribFile, contribFiles } from './contrib.ts';

/** The arguments of pimsync where a file for a service manager runs it. */
const callsIn = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(/^(?:ExecStart=|command = \S+ |.*\bexec )pimsync ([^&>\n]*?) ?(?:2?(?:>|&gt;).*)?$/gm)].map(
    ([, args = '']) => args.split(' '),
  );

describe('what service managers run', () => {
  const calls = contribFiles().flatMap((file) => callsIn(contribFile(file)).map((args) => [file, args] as const));

  test('is found', () => {
    expect(calls.map(([file]) => file)).toEqual([
      'dinit/pimsync',
      'launchd/local.pimsync.plist',
      's6/pimsync/run',
      'systemd/system/pimsync@.service',
      'systemd/user/pimsync-sync.service',
      'systemd/user/pimsync.service',
    ]);
  });

  test.each(calls)('in %s is a call of ours: %j', (_, args) => {
    const read = readArguments(args);
    expect(read).toMatchObject({ type: 'run' });
    expect(['daemon', 'sync']).toContain(read.type === 'run' ? read.command.name : undefined);
  });

  test('tells of readiness where the manager waits for it', () => {
    expect(callsIn(contribFile('s6/pimsync/run'))).toEqual([
      ['daemon', '-r', contribFile('s6/pimsync/notification-fd').trim()],
    ]);
    expect(contribFile('dinit/pimsync')).toMatch(/daemon -r 3\nready-notification = pipefd:3\n/);
  });
});
