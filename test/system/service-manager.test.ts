import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pid } from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { must } from '../../src/model/errors.ts';
import { findServiceManager } from '../../src/system/service-manager.ts';
import { canListenToNotifications, listenToNotifications, type NotifyListener } from '../support/notify-listener.ts';

const { PATH = '' } = process.env;

describe('a service manager', () => {
  test('is there where it said so', () => {
    expect(findServiceManager({})).toBeUndefined();
    expect(findServiceManager({ NOTIFY_SOCKET: '' })).toBeUndefined();
    expect(findServiceManager({ NOTIFY_SOCKET: '/run/x' })).toMatchObject({ signOfLifeMs: undefined });
  });

  test.each([
    [{ WATCHDOG_USEC: '20000000' }, 10_000],
    [{ WATCHDOG_USEC: '20000000', WATCHDOG_PID: String(pid) }, 10_000],
    [{ WATCHDOG_USEC: '20000000', WATCHDOG_PID: '1' }, undefined],
    [{ WATCHDOG_USEC: '0' }, undefined],
    [{ WATCHDOG_USEC: 'soon' }, undefined],
  ])('with %j waits for a sign of life each %s ms', (env, expected) => {
    expect(findServiceManager({ NOTIFY_SOCKET: '/run/x', ...env })?.signOfLifeMs).toBe(expected);
  });

  test('that cannot be told is no reason to end', async () => {
    const manager = must(findServiceManager({ NOTIFY_SOCKET: '/run/x', PATH: '/nowhere' }), 'there is one');
    expect(await manager.tell('READY=1')).toBe('systemd-notify was not found');
  });

  test('is told one thing after the other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pimsync-notify-'));
    const script = `#!/bin/sh\ncase "$1" in READY=1) sleep 0.3;; esac\necho "$1" >> ${join(folder, 'told')}\n`;
    await writeFile(join(folder, 'systemd-notify'), script, { mode: 0o755 });
    const manager = must(findServiceManager({ NOTIFY_SOCKET: '/run/x', PATH: `${folder}:${PATH}` }), 'there is one');
    await Promise.all([manager.tell('READY=1'), manager.tell('STOPPING=1')]);
    expect(await readFile(join(folder, 'told'), 'utf8')).toBe('READY=1\nSTOPPING=1\n');
    await rm(folder, { recursive: true });
  });

  describe.skipIf(!canListenToNotifications())('(skipped without systemd-notify and python3)', () => {
    let listener: NotifyListener;
    beforeEach(async () => {
      listener = await listenToNotifications();
    });
    afterEach(() => listener.close());

    test('is told in order, each on one line', async () => {
      const manager = must(findServiceManager({ NOTIFY_SOCKET: listener.address, PATH }), 'there is one');
      const told = [
        manager.tell('READY=1', 'STATUS=2 pairs in sync'),
        manager.tell('STATUS=one\nREADY=1'),
        manager.tell('RELOADING=1'),
        manager.tell('STOPPING=1'),
      ];
      expect(await Promise.all(told)).toEqual([undefined, undefined, undefined, undefined]);
      await expect.poll(() => listener.messages).toHaveLength(4);
      expect(listener.messages).toEqual([
        'READY=1|STATUS=2 pairs in sync',
        'STATUS=one READY=1',
        expect.stringMatching(/^RELOADING=1\|MONOTONIC_USEC=[0-9]+$/),
        'STOPPING=1',
      ]);
    });
  });
});
