import { type Etag, etag } from '../../model/names.ts';

/** Equals no storage's etag: what carries it is read at the next look. */
export const UNSEEN: Etag = etag('');
