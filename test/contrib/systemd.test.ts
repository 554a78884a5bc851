import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CONTRIB, contribFiles, isInstalled, runProgram } from './contrib.ts';

const hasSystemd = isInstalled('systemd-analyze', '--version');
const isRoot = process.getuid?.() === 0;

/** `notify-reload` came with this one; the units say `notify` first for those before. */
const KNOWS_RELOAD = 253;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pimsync-systemd-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.skipIf(!hasSystemd)('systemd (skipped where it is not installed)', () => {
  const units = contribFiles().filter((file) => file.startsWith('systemd/'));

  test.each([
    ['user', ['pimsync.service', 'pimsync-sync.service', 'pimsync-sync.timer'], ['--user']],
    ['system', ['pimsync@calendars.service'], ['--system']],
  ])('finds nothing wrong in the units for %s', (kind, names, options) => {
    putUnits();
    const paths = names.map((name) => join(folder, 'systemd', kind, name));
    const { PATH = '' } = process.env;
    const env = { PATH, HOME: folder, XDG_RUNTIME_DIR: folder };
    const ran = runProgram('systemd-analyze', [...options, '--man=no', 'verify', ...paths], env);
    expect(ran).toEqual({ status: 0, said: '' });
  });

  /** The units as they would be installed, with a program where they look for one. */
  function putUnits(): void {
    cpSync(join(CONTRIB, 'systemd'), join(folder, 'systemd'), { recursive: true });
    const program = join(folder, 'pimsync');
    writeFileSync(program, '#!/bin/sh\n');
    chmodSync(program, 0o755);
    const version = Number(/^systemd ([0-9]+)/.exec(runProgram('systemd-analyze', ['--version']).said)?.[1]);
    for (const unit of units) {
      const path = join(folder, unit);
      const text = readFileSync(path, 'utf8').replaceAll(/^ExecStart=pimsync /gm, `ExecStart=${program} `);
      writeFileSync(path, version < KNOWS_RELOAD ? text.replaceAll('Type=notify-reload\n', '') : text);
    }
    // An instance is looked for by its own name.
    cpSync(join(folder, 'systemd/system/pimsync@.service'), join(folder, 'systemd/system/pimsync@calendars.service'));
  }
});

const hasBoth =
  hasSystemd && isInstalled('systemd-sysusers', '--version') && isInstalled('systemd-tmpfiles', '--version');

describe.skipIf(!hasBoth || !isRoot)('the user of the system (skipped without systemd, or root)', () => {
  test('is made, and its directories are its own', () => {
    mkdirSync(join(folder, 'etc'));
    const made = runProgram('systemd-sysusers', [`--root=${folder}`, join(CONTRIB, 'sysusers.d/pimsync.conf')]);
    expect(made.status, made.said).toBe(0);
    const [, uid, gid] =
      /^pimsync:[^:]*:([0-9]+):([0-9]+):/m.exec(readFileSync(join(folder, 'etc/passwd'), 'utf8')) ?? [];
    const created = runProgram('systemd-tmpfiles', [
      '--create',
      `--root=${folder}`,
      join(CONTRIB, 'tmpfiles.d/pimsync.conf'),
    ]);
    expect(created.status, created.said).toBe(0);
    const owned = (path: string) => {
      const { uid: user, gid: group, mode } = statSync(join(folder, path));
      return [user, group, (mode & 0o777).toString(8)];
    };
    expect(owned('etc/pimsync')).toEqual([0, Number(gid), '750']);
    expect(owned('var/lib/pimsync')).toEqual([Number(uid), Number(gid), '700']);
  });
});
