import { createHash } from 'node:crypto';
import { extname } from 'node:path/posix';
import type { Item } from '../model/item.ts';
import type { Href } from '../model/names.ts';

/** Far enough below the 255 bytes that file systems allow, to leave room for an attempt's number and an extension. */
const LONGEST_STEM = 200;

const SANE_STEM = /^[A-Za-z0-9_][A-Za-z0-9._@+-]*$/;
const ITEM_EXTENSIONS: ReadonlySet<string> = new Set(['.ics', '.ical', '.icalendar', '.ifb', '.vcf', '.vcard']);
/** Names of devices on some systems, with whatever extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

export interface NameWanted {
  readonly item: Item;
  /** Where the counterpart is on the other side. */
  readonly like: Href | undefined;
  /** Without the dot. */
  readonly extension: string;
  readonly attempt: number;
}

/**
 * The name of a new item (SI15): its counterpart's if it is one that every storage can take, else the UID reduced, else
 * a hash. What comes back is ASCII and safe as a file name and as a segment of a URL path.
 */
export function itemName({ item, like, extension, attempt }: NameWanted): string {
  const stem = stemOf(like, extension) ?? reducedUid(item) ?? hashOf(item);
  return attempt === 0 ? `${stem}.${extension}` : `${stem}-${attempt}.${extension}`;
}

function stemOf(like: Href | undefined, extension: string): string | undefined {
  if (like === undefined) return undefined;
  const name = decodedOnce(like.slice(like.lastIndexOf('/') + 1));
  const found = extname(name);
  const isExtension = found === `.${extension}` || ITEM_EXTENSIONS.has(found.toLowerCase());
  const stem = isExtension ? name.slice(0, -found.length) : name;
  return isSane(stem) ? stem : undefined;
}

function reducedUid(item: Item): string | undefined {
  if (item.ident.startsWith('fingerprint:')) return undefined;
  const stem = item.ident
    .replace(/[^A-Za-z0-9_-]/g, '')
    .replace(/^-+/, '')
    .slice(0, LONGEST_STEM);
  return isSane(stem) ? stem : undefined;
}

const hashOf = (item: Item): string => createHash('sha256').update(item.ident).digest('hex').slice(0, 32);

const isSane = (stem: string): boolean =>
  stem.length <= LONGEST_STEM &&
  SANE_STEM.test(stem) &&
  !stem.endsWith('.') &&
  !stem.endsWith('.tmp') &&
  !DEVICE.test(stem);

/** A name that is no percent-encoding stays as it is; the checks that follow decide about it. */
function decodedOnce(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}
