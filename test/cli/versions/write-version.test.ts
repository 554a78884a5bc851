import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { printTo } from '../../../src/cli/print.ts';
import { writeVersion } from '../../../src/cli/versions/write-version.ts';
import { fakeOutside } from '../fake-outside.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pimsync-version-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const TEXT = 'BEGIN:VCARD\r\nFN:\u001b[31mä\r\nEND:VCARD\r\n';

function sessionOf(isTTY: boolean) {
  const outside = fakeOutside([], { isTTY });
  const options = { config: undefined, level: 'warn', json: false, color: 'never' } as const;
  return { outside, options, print: printTo(outside, 'never', {}) };
}

test('a version is written as it is, to a new file for its owner', async () => {
  const path = join(directory, 'version.vcf');
  await writeVersion(TEXT, path, sessionOf(false));
  expect(await readFile(path, 'utf8')).toBe(TEXT);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a file that is there is left alone', async () => {
  const path = join(directory, 'version.vcf');
  await writeFile(path, 'mine');
  await expect(writeVersion(TEXT, path, sessionOf(false))).rejects.toMatchObject({ name: 'UsageError' });
  expect(await readFile(path, 'utf8')).toBe('mine');
  await expect(writeVersion(TEXT, join(directory, 'none/x'), sessionOf(false))).rejects.toThrow(
    /could not write .*none/,
  );
});

test('S15: to standard output it goes as it is, but not to a terminal', async () => {
  const [pipe, terminal] = [sessionOf(false), sessionOf(true)];
  await writeVersion(TEXT, '-', pipe);
  await writeVersion(TEXT, '-', terminal);
  expect(pipe.outside.texts.stdout).toBe(TEXT);
  expect(terminal.outside.texts.stdout).toBe('BEGIN:VCARD\nFN:\\x1b[31mä\nEND:VCARD\n\n');
});
