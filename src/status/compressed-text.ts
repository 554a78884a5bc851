import { deflateSync, inflateSync } from 'node:zlib';

/**
 * The window is that of a pack of base texts: a larger one costs time to set up. The zlib form is used rather than the
 * raw one because it ends in a checksum: `expand` throws on damaged bytes.
 */
const OPTIONS = { level: 1, windowBits: 14, memLevel: 6 };

export const compress = (text: string): Buffer => deflateSync(text, OPTIONS);

export const expand = (bytes: Uint8Array): string => inflateSync(bytes).toString();
