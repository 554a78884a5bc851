import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Interruption } from '../../src/cli/interruption.ts';
import { PROGRAM_VERSION } from '../../src/cli/program-version.ts';
import { run } from '../../src/cli/run.ts';
import { fakeOutside } from './fake-outside.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pimsync-run-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function runIn(args: readonly string[], more: Parameters<typeof fakeOutside>[1] = {}) {
  const outside = fakeOutside(args, more);
  const status = await run(outside);
  return { status, ...outside.texts };
}

async function configured(): Promise<readonly string[]> {
  const vdir = (name: string): string =>
    `storage ${name} { type "vdir/icalendar"; path ${JSON.stringify(join(folder, name))}; }\n`;
  const pair = 'pair work { storage_a here; storage_b there; collections all; collection home; }\n';
  const path = join(folder, 'pimsync.conf');
  await writeFile(
    path,
    `status_path ${JSON.stringify(join(folder, 'status'))}\n${vdir('here')}${vdir('there')}${pair}`,
  );
  return ['-c', path];
}

describe('a call', () => {
  test('for help or the version needs no configuration', async () => {
    expect(await runIn(['help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('discover'), stderr: '' });
    expect(await runIn(['version', '--color', 'never'])).toMatchObject({
      status: 0,
      stdout: `pimsync ${PROGRAM_VERSION}\n`,
    });
    const { stdout } = await runIn(['--version', '--json']);
    expect(JSON.parse(stdout)).toEqual({ type: 'version', v: 1, version: PROGRAM_VERSION });
  });

  test('that is wrong ends with 2', async () => {
    expect(await runIn(['sycn'])).toEqual({
      status: 2,
      stdout: '',
      stderr: "pimsync: unknown command 'sycn'\n  Did you mean sync?\n",
    });
    expect(await runIn(['-c', join(folder, 'none'), 'sync'])).toMatchObject({ status: 2, stdout: '' });
  });

  test('S15: is not repeated raw', async () => {
    const { stderr } = await runIn(['\u001b]0;x\u0007']);
    expect(stderr).toContain("unknown command '\\x1b]0;x\\x07'");
  });

  test('S12: is refused where certificates would not be checked', async () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    expect(await runIn(['check'], { env })).toMatchObject({ status: 2 });
    expect(await runIn(['help'], { env })).toMatchObject({ status: 0 });
  });

  test('of sync ends as its pairs did', async () => {
    const c = await configured();
    expect(await runIn([...c, 'sync'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/work: 2 collections\n$/),
      stderr: '',
    });
    expect(await runIn([...c, 'sync'])).toEqual({ status: 0, stdout: 'work: nothing to do\n', stderr: '' });
    expect(await runIn([...c, 'list', 'collections', '--json'])).toMatchObject({
      stdout: '{"type":"name","v":1,"of":"collections","name":"work/home"}\n',
    });
    await rm(join(folder, 'there'), { recursive: true });
    expect(await runIn([...c, 'sync'])).toMatchObject({ status: 1 });
  });

  test('that is told to end before it began does nothing', async () => {
    const c = await configured();
    const signal = AbortSignal.abort(new Interruption('SIGTERM'));
    expect(await runIn([...c, 'sync'], { signal })).toMatchObject({ status: 143, stdout: '' });
    expect(await runIn([...c, 'check'], { signal })).toMatchObject({ status: 143 });
  });

  test('shows progress on a terminal, and takes it away', async () => {
    const c = await configured();
    await runIn([...c, 'sync']);
    const text =
      'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:one\r\nSUMMARY:One\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';
    await writeFile(join(folder, 'here/home/one.ics'), text);
    const { status, stderr } = await runIn([...c, 'sync'], { isTTY: true });
    expect(status).toBe(0);
    expect(stderr).toContain('work/home: 0/1\n');
    expect(stderr.split('\u001b[1A\u001b[J')).toHaveLength(stderr.split('\n').length);
  });
});
