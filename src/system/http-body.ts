import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HttpError } from './http-failure.ts';

export interface BodyLimits {
  /** Where the body comes from, for messages. */
  readonly place: string;
  readonly encoding: string | undefined;
  /** The longest that the whole body may be waited for; what the reader does with it does not count. */
  readonly waitMs: number;
  /** Told of each chunk as it was on the wire. */
  readonly received: (bytes: number) => void;
}

/** The decoded body, chunk by chunk. Rejects what is compressed in a way that we did not ask for, or beyond reason (S5). */
export async function* decodedBody(raw: AsyncIterable<Uint8Array>, limits: BodyLimits): AsyncGenerator<Uint8Array> {
  const encoding = (limits.encoding ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') {
    yield* bounded(counted(raw, limits), limits.place, () => Number.POSITIVE_INFINITY);
    return;
  }
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new HttpError(
      'other',
      `${limits.place} answered in an encoding that was not asked for: ${encoding.slice(0, 40)}`,
    );
  }
  let wireBytes = 0;
  const seen = {
    ...limits,
    received: (bytes: number) => {
      wireBytes += bytes;
      limits.received(bytes);
    },
  };
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // The error reaches the reader through `gunzip`.
  pipeline(counted(raw, seen), gunzip, () => undefined);
  yield* bounded(gunzip, limits.place, () => Math.max(RATIO_FREE_BYTES, wireBytes * MAX_RATIO));
}

export async function collect(body: AsyncIterable<Uint8Array>, limit: number, place: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limit) throw tooLarge(place, limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length);
}

/** Bounds the waiting, so that a server which drips byte after byte does not hold us for ever. */
async function* counted(raw: AsyncIterable<Uint8Array>, limits: BodyLimits): AsyncGenerator<Uint8Array> {
  let waitedMs = 0;
  let since = performance.now();
  for await (const chunk of raw) {
    waitedMs += performance.now() - since;
    if (waitedMs > limits.waitMs) {
      throw new HttpError(
        'timeout',
        `${limits.place} did not finish its answer in ${Math.round(limits.waitMs / 1000)} seconds`,
      );
    }
    limits.received(chunk.length);
    yield chunk;
    since = performance.now();
  }
}

async function* bounded(
  body: AsyncIterable<Uint8Array>,
  place: string,
  ratioLimit: () => number,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw tooLarge(place, MAX_BODY_BYTES);
    if (length > ratioLimit()) {
      throw new HttpError('too-large', `${place} answered with data compressed more than ${MAX_RATIO} times`);
    }
    yield chunk;
  }
}

const tooLarge = (place: string, limit: number): HttpError =>
  new HttpError('too-large', `${place} answered with more than ${Math.round(limit / (1024 * 1024))} MB`);

/** Each chunk is a turn of the event loop. */
const CHUNK_BYTES = 64 * 1024;
const MAX_BODY_BYTES = 1024 * 1024 * 1024;
const MAX_RATIO = 100;
/** Up to here any ratio is fine: listings repeat themselves, and this much does no harm. */
const RATIO_FREE_BYTES = 32 * 1024 * 1024;
