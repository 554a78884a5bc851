import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { href } from '../../src/model/names.ts';
import { openStatus } from '../../src/status/open-status.ts';
import { agreement } from '../support/status-builders.ts';
import { fakeOutside } from './fake-outside.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pimsync-forget-'));
  const vdir = (name: string): string =>
    `storage ${name} { type "vdir/icalendar"; path ${JSON.stringify(join(folder, name))}; }\n`;
  const pair = 'pair work { storage_a here; storage_b there; collections all; }\n';
  const text = `status_path ${JSON.stringify(folder)}\n${vdir('here')}${vdir('there')}${pair}`;
  await writeFile(join(folder, 'pimsync.conf'), text);
  const status = openStatus(folder, 'work', 'read-write');
  status
    .mapping('home', { a: href('home'), b: href('home') })
    .commit([{ type: 'agree', agreement: agreement('1'), base: undefined }]);
  status.close();
});
afterEach(() => rm(folder, { recursive: true }));

function knows(): number {
  const status = openStatus(folder, 'work', 'dry-run');
  try {
    return status.mappings().length;
  } finally {
    status.close();
  }
}

test.each([
  ['y', 0],
  ['yes', 0],
  ['n', 1],
  ['', 1],
  [undefined, 1],
])('forget asks on a terminal; after %j it knows %i collections', async (answer, count) => {
  const questions: string[] = [];
  const terminal = {
    ask: async (question: string) => {
      questions.push(question);
      return answer;
    },
  };
  const outside = fakeOutside(['-c', join(folder, 'pimsync.conf'), 'forget', 'work'], { isTTY: true, terminal });
  expect(await run(outside)).toBe(0);
  expect(questions).toEqual([expect.stringContaining('No item is deleted')]);
  expect(outside.texts.stderr).toContain('work/home: 1 item\n');
  expect(knows()).toBe(count);
});
