import { createHash } from 'node:crypto';
import { type Checkpoint, checkpoint } from '../../model/names.ts';

/** What tells whether a feed changed: the validators of HTTP (RFC 9110 8.8), and the body itself for servers without. */
export interface Validators {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** SHA-256, hexadecimal. */
  readonly bodyHash: string;
}

/** The address is in it as a hash only: it may be a secret. */
export function checkpointFrom(validators: Validators, address: string): Checkpoint {
  const { etag, lastModified, bodyHash } = validators;
  return checkpoint(JSON.stringify({ feed: hashOf(address), etag, lastModified, bodyHash }));
}

/** Undefined for what is no checkpoint, or not one of this address (SD15). */
export function validatorsFrom(since: Checkpoint | undefined, address: string): Validators | undefined {
  const fields = new Map<string, unknown>(Object.entries(parse(since) ?? {}));
  const bodyHash = fields.get('bodyHash');
  if (fields.get('feed') !== hashOf(address) || typeof bodyHash !== 'string') return undefined;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return { etag: text(fields.get('etag')), lastModified: text(fields.get('lastModified')), bodyHash };
}

function parse(since: Checkpoint | undefined): object | undefined {
  try {
    const value: unknown = JSON.parse(since ?? 'null');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function hashOf(address: string): string {
  return createHash('sha256').update(address).digest('hex').slice(0, 16);
}
