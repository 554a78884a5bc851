import { closeSync, mkdtempSync, openSync, readSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The temporary file of a spool cannot be made, written or read; the cause is the system's error. */
export class SpoolError extends Error {
  override readonly name = 'SpoolError';
}

/** Names a text of the spool that gave it. */
export type SpoolHandle = number;

/** Keeps texts for a while, so that the memory of a run does not grow with what it moves. */
export interface Spool {
  /** The text comes back exactly, unless it has lone surrogates, which UTF-8 cannot hold. */
  put(text: string): SpoolHandle;
  get(handle: SpoolHandle): string;
  /** Frees memory and disk; nothing can be had from it afterwards. */
  close(): void;
}

type Entry = string | { readonly offset: number; readonly length: number };

const DEFAULT_MEMORY_BYTES = 1024 * 1024;

/** Texts beyond `memoryBytes` go to a file that only this process can reach and that vanishes with it. */
export function openSpool(memoryBytes = DEFAULT_MEMORY_BYTES): Spool {
  const entries: Entry[] = [];
  let bytesInMemory = 0;
  let file: number | undefined;
  let fileLength = 0;

  return {
    put(text) {
      const length = Buffer.byteLength(text);
      if (bytesInMemory + length <= memoryBytes) {
        bytesInMemory += length;
        return entries.push(text) - 1;
      }
      file ??= openNamelessFile();
      const offset = fileLength;
      writeFully(file, Buffer.from(text), offset);
      fileLength += length;
      return entries.push({ offset, length }) - 1;
    },
    get(handle) {
      const entry = entries[handle];
      if (entry === undefined) throw new Error(`this should not happen: the spool has no text ${handle}`);
      if (typeof entry === 'string') return entry;
      if (file === undefined) throw new Error('this should not happen: the spool is closed');
      return readFully(file, entry.offset, entry.length).toString();
    },
    close() {
      entries.length = 0;
      bytesInMemory = 0;
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

/** The file loses its name before anything is written, so that no crash leaves items behind. */
function openNamelessFile(): number {
  try {
    const directory = mkdtempSync(join(tmpdir(), '.pimsync-'));
    try {
      const path = join(directory, 'spool.tmp');
      const file = openSync(path, 'wx+', 0o600);
      unlinkSync(path);
      return file;
    } finally {
      rmdirSync(directory);
    }
  } catch (error) {
    throw new SpoolError(`could not make a temporary file in ${tmpdir()}`, { cause: error });
  }
}

/** A text that could not be written whole leaves nothing that is ever read: the next one takes its place. */
function writeFully(file: number, bytes: Buffer, offset: number): void {
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, offset + done);
  } catch (error) {
    throw new SpoolError(`could not write a temporary file in ${tmpdir()}`, { cause: error });
  }
}

function readFully(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const count = readSync(file, bytes, done, length - done, offset + done);
    if (count === 0) throw new SpoolError('a temporary file ended too early');
    done += count;
  }
  return bytes;
}
