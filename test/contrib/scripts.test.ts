import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callShape } from '../../src/cli/call/call-shape.ts';
import { bashCompletion } from '../../src/cli/completion/bash.ts';
import { CONTRIB, contribFile, isInstalled, runProgram } from './contrib.ts';

const SCRIPTS = ['openrc/pimsync', 's6/pimsync/run', 's6/pimsync/finish'];

describe.each(SCRIPTS)('the script %s', (script) => {
  const path = join(CONTRIB, script);

  test('can be run', () => {
    expect(statSync(path).mode & 0o111).toBe(0o111);
    expect(runProgram('sh', ['-n', path])).toEqual({ status: 0, said: '' });
  });

  test.skipIf(!isInstalled('shellcheck', '--version'))('pleases shellcheck (skipped where it is not installed)', () => {
    expect(runProgram('shellcheck', [path])).toEqual({ status: 0, said: '' });
  });
});

describe('under OpenRC', () => {
  let programs: string;
  beforeEach(() => {
    programs = mkdtempSync(join(tmpdir(), 'pimsync-openrc-'));
    putProgram('checkpath', 'echo "checkpath $*"');
    putProgram('supervise-daemon', '[ "$*" = "$RC_SVCNAME --help" ] && echo "$helped"');
  });
  afterEach(() => rmSync(programs, { recursive: true }));

  function putProgram(name: string, text: string): void {
    writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(programs, name), 0o755);
  }

  const START = `
    . "$SCRIPT"
    start_pre
    echo "$command_args $command_args_foreground, user $command_user, notify=$notify ready=$ready, data $XDG_DATA_HOME"
  `;
  function started(env: Readonly<Record<string, string>>): readonly string[] {
    const { PATH = '' } = process.env;
    const script = join(CONTRIB, 'openrc/pimsync');
    const ran = runProgram('sh', ['-c', START], { PATH: `${programs}:${PATH}`, SCRIPT: script, ...env });
    return ran.said.replace(/\n$/, '').split('\n');
  }

  test.each([
    ['of today,', '--notify <arg>', ' -r 3', 'notify=fd:3 ready='],
    ['0.60,', '--ready <arg>', ' -r 3', 'notify= ready=fd:3'],
    ['before,', '--start', ' ', 'notify= ready='],
  ])('%s it is told when the daemon is up, if it can be', (_, helped, argument, readiness) => {
    const lines = started({ RC_SVCNAME: 'pimsync', helped });
    expect(lines.at(-1)).toBe(
      `-c /etc/pimsync/pimsync.conf daemon${argument}, user pimsync:pimsync, ${readiness}, data /var/lib/pimsync/pimsync`,
    );
  });

  test('a link to the script is a service of its own', () => {
    expect(started({ RC_SVCNAME: 'pimsync.work' })).toEqual([
      'checkpath --directory --mode 0700 --owner pimsync:pimsync /var/lib/pimsync /var/lib/pimsync/work',
      'checkpath --directory --mode 0700 --owner pimsync:pimsync /var/cache/pimsync /var/cache/pimsync/work',
      '-c /etc/pimsync/work.conf daemon , user pimsync:pimsync, notify= ready=, data /var/lib/pimsync/work',
    ]);
  });

  test('a user has it in their own places', () => {
    expect(started({ RC_SVCNAME: 'pimsync', RC_USER_SERVICES: 'yes' })).toEqual([
      ' daemon , user , notify= ready=, data ',
    ]);
  });
});

test('under s6, a wrong configuration is not tried again', () => {
  const finish = join(CONTRIB, 's6/pimsync/finish');
  expect(runProgram('sh', [finish, '2', '0'])).toMatchObject({ status: 125 });
  for (const ended of ['0', '1', '256']) expect(runProgram('sh', [finish, ended, '0'])).toMatchObject({ status: 0 });
});

test('for dinit, each line is a setting that it knows', () => {
  const known = new Set([
    'type',
    'command',
    'ready-notification',
    'start-timeout',
    'stop-timeout',
    'restart',
    'restart-delay',
    'restart-limit-interval',
    'restart-limit-count',
    'log-type',
  ]);
  const lines = contribFile('dinit/pimsync')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines.filter((line) => !known.has(/^([a-z-]+) = \S/.exec(line)?.[1] ?? ''))).toEqual([]);
});

test.skipIf(!isInstalled('shellcheck', '--version'))(
  'the completion for bash pleases shellcheck (skipped where it is not installed)',
  () => {
    const ran = runProgram('sh', ['-c', 'printf %s "$SCRIPT" | shellcheck -s bash -'], {
      ...process.env,
      SCRIPT: bashCompletion(callShape()),
    });
    expect(ran).toEqual({ status: 0, said: '' });
  },
);
