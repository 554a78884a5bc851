import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tellReadiness } from '../../src/daemon/ready.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';

const { PATH = '' } = process.env;

describe('who started the daemon', () => {
  let folder: string;
  let clock: FakeClock;
  let warnings: string[];
  const begin = (env: Readonly<Record<string, string>>) =>
    tellReadiness({
      env: { NOTIFY_SOCKET: '/run/x', PATH: `${folder}:${PATH}`, ...env },
      descriptor: undefined,
      clock,
      warn: (message) => warnings.push(message),
    });
  const told = async (): Promise<readonly string[]> =>
    (await readFile(join(folder, 'told'), 'utf8')).trimEnd().split('\n');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pimsync-ready-'));
    clock = fakeClock();
    warnings = [];
    await writeFile(join(folder, 'told'), '');
    await writeFile(join(folder, 'systemd-notify'), `#!/bin/sh\necho "$1" >> ${join(folder, 'told')}\n`, {
      mode: 0o755,
    });
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is told how it is when that changes', async () => {
    const readiness = begin({});
    readiness.ready();
    readiness.status('keeps 2 pairs in sync');
    readiness.status('keeps 2 pairs in sync');
    readiness.reloading();
    readiness.ready();
    await readiness.stopping();
    expect(await told()).toEqual(['READY=1', 'STATUS=keeps 2 pairs in sync', 'RELOADING=1', 'READY=1', 'STOPPING=1']);
    expect(warnings).toEqual([]);
  });

  test('is shown a sign of life as often as it wants one, until the end', async () => {
    const readiness = begin({ WATCHDOG_USEC: '60000000' });
    await expect.poll(() => clock.sleepers()).toBe(1);
    await clock.advance(30_000);
    await expect.poll(() => clock.sleepers()).toBe(1);
    readiness.close();
    await expect.poll(() => clock.sleepers()).toBe(0);
    expect(await told()).toEqual(['WATCHDOG=1', 'WATCHDOG=1']);
  });

  test('is not told where that cannot be done, which is a warning, once', async () => {
    await chmod(join(folder, 'systemd-notify'), 0o644);
    const readiness = tellReadiness({
      env: { NOTIFY_SOCKET: '/run/x', PATH: folder },
      descriptor: undefined,
      clock,
      warn: (message) => warnings.push(message),
    });
    readiness.ready();
    await readiness.stopping();
    expect(warnings).toEqual(['could not tell the service manager: systemd-notify failed (EACCES)']);
  });
});
