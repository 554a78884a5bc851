import { deflateSync, inflateSync } from 'node:zlib';

/**
 * Items are small and alike: a small window costs nothing in size and saves the time to set up a large one. The zlib
 * form is used rather than the raw one because it ends in a checksum: `expand` throws on damaged bytes.
 */
const OPTIONS = { level: 1, windowBits: 12, memLevel: 4 };

export const compress = (text: string): Buffer => deflateSync(text, OPTIONS);

export const expand = (bytes: Uint8Array): string => inflateSync(bytes).toString();
