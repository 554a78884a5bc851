import { rm, writeFile } from 'node:fs/promises';
import { StorageError, UsageError } from '../../model/errors.ts';
import type { Session } from '../session.ts';

/** Writes the text of a version to a new file, for its owner alone, or, as `-`, to standard output. */
export async function writeVersion(text: string, file: string, { outside, print }: Session): Promise<void> {
  if (file !== '-') {
    await writeNewFile(text, file);
  } else if (outside.stdout.isTTY === true) {
    // To a terminal nothing goes raw (S15).
    for (const line of text.split(/\r?\n/)) print.result(line);
  } else {
    outside.stdout.write(text);
  }
}

async function writeNewFile(text: string, file: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'EEXIST') {
      throw new UsageError(`${file} is there already`, { hint: 'name a file that does not exist yet' });
    }
    // What there was no room for must not look like a version.
    if (error.code === 'ENOSPC' || error.code === 'EDQUOT' || error.code === 'EIO') await rm(file, { force: true });
    throw new StorageError('rejected', `could not write ${file}: ${error.message}`, { cause: error });
  }
}
