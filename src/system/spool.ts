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

/** A piece of what was put, in the order of putting; texts do not cross the end of one. */
interface Block {
  /** Undefined: in the file. */
  bytes: Buffer | undefined;
  /** As far as it is filled. */
  length: number;
  /** In the file. */
  offset: number;
}

interface Filling {
  readonly block: Block;
  readonly bytes: Buffer;
}

interface Entry {
  readonly block: Block;
  readonly start: number;
  readonly end: number;
}

const MEMORY_BYTES = 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;

/**
 * Texts beyond `memoryBytes` go to a file that only this process can reach and that vanishes with it; in blocks, since
 * what is put in turn is mostly wanted in turn.
 */
export function openSpool(memoryBytes = MEMORY_BYTES, blockBytes = BLOCK_BYTES): Spool {
  let entries: Entry[] = [];
  let last = begin(0);
  let bytesInMemory = 0;
  let file: number | undefined;
  let fileLength = 0;
  /** Of each side that is read from at once, one. */
  let lastRead: readonly Filling[] = [];

  const end = ({ block, bytes }: Filling): void => {
    if (bytesInMemory + bytes.length <= memoryBytes) {
      bytesInMemory += bytes.length;
      return;
    }
    file ??= openNamelessFile();
    writeFully(file, bytes.subarray(0, block.length), fileLength);
    block.offset = fileLength;
    fileLength += block.length;
    block.bytes = undefined;
  };
  const read = (block: Block): Buffer => {
    const known = lastRead.find((each) => each.block === block);
    if (known !== undefined) return known.bytes;
    if (file === undefined) throw new Error('this should not happen: the spool is closed');
    const bytes = readFully(file, block.offset, block.length);
    lastRead = [{ block, bytes }, ...lastRead.slice(0, 1)];
    return bytes;
  };

  return {
    put(text) {
      const size = Buffer.byteLength(text);
      if (last.bytes.length - last.block.length < size) {
        end(last);
        last = begin(Math.max(blockBytes, size));
      }
      const { block, bytes } = last;
      const start = block.length;
      bytes.write(text, start);
      block.length += size;
      return entries.push({ block, start, end: block.length }) - 1;
    },
    get(handle) {
      const entry = entries[handle];
      if (entry === undefined) throw new Error(`this should not happen: the spool has no text ${handle}`);
      return (entry.block.bytes ?? read(entry.block)).toString('utf8', entry.start, entry.end);
    },
    close() {
      entries = [];
      last = begin(0);
      lastRead = [];
      bytesInMemory = 0;
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function begin(size: number): Filling {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, block: { bytes, length: 0, offset: 0 } };
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
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const count = readSync(file, bytes, done, length - done, offset + done);
    if (count === 0) throw new SpoolError('a temporary file ended too early');
    done += count;
  }
  return bytes;
}
