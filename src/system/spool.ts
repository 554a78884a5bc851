import { closeSync, mkdtempSync, openSync, readSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The temporary file of a spool cannot be made, written or read; the cause is the system's error. */
export class SpoolError extends Error {
  override readonly name = 'SpoolError';
}

/** Names a text of the spool that gave it: where it stands among all that was put. */
export type SpoolHandle = number;

/** Keeps texts for a while, so that the memory of a run does not grow with what it moves. */
export interface Spool {
  /** The text comes back exactly, unless it has lone surrogates, which UTF-8 cannot hold. */
  put(text: string): SpoolHandle;
  get(handle: SpoolHandle): string;
  /** Frees memory and disk; nothing can be had from it afterwards. */
  close(): void;
}

/** A piece of what was put, in the order of putting: texts, the length of each before it. None crosses the end of one. */
interface Block {
  /** What was put before it, in bytes. */
  readonly from: number;
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

const MEMORY_BYTES = 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;
const LENGTH_BYTES = 4;

/**
 * Texts beyond `memoryBytes` go to a file that only this process can reach and that vanishes with it; in blocks, since
 * what is put in turn is mostly wanted in turn.
 */
export function openSpool(memoryBytes = MEMORY_BYTES, blockBytes = BLOCK_BYTES): Spool {
  let blocks: Block[] = [];
  let last = begin(0, 0);
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
      const length = Buffer.byteLength(text);
      const size = LENGTH_BYTES + length;
      if (last.bytes.length - last.block.length < size) {
        end(last);
        last = begin(Math.max(blockBytes, size), last.block.from + last.block.length);
        blocks.push(last.block);
      }
      const { block, bytes } = last;
      const start = block.length;
      bytes.writeUInt32LE(length, start);
      bytes.write(text, start + LENGTH_BYTES);
      block.length += size;
      return block.from + start;
    },
    get(handle) {
      const block = blockWith(blocks, handle);
      if (block === undefined) throw new Error(`this should not happen: the spool has no text ${handle}`);
      const bytes = block.bytes ?? read(block);
      const start = handle - block.from;
      return bytes.toString('utf8', start + LENGTH_BYTES, start + LENGTH_BYTES + bytes.readUInt32LE(start));
    },
    close() {
      blocks = [];
      last = begin(0, 0);
      lastRead = [];
      bytesInMemory = 0;
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function begin(size: number, from: number): Filling {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, block: { from, bytes, length: 0, offset: 0 } };
}

/** By halving: there is one for each 64 KB. */
function blockWith(blocks: readonly Block[], handle: SpoolHandle): Block | undefined {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.from ?? 0) <= handle) low = middle + 1;
    else high = middle;
  }
  return blocks[low - 1];
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
