import { type Checkpoint, checkpoint, type Href } from '../../model/names.ts';

/**
 * A checkpoint is the server's sync-token (RFC 6578), else its ctag, with the collection that it is of. Some tokens are
 * times in whole seconds: one that was young when it was taken may stay the same over a later change, so it is kept as
 * one that equals no version and leads to a full look (SL6).
 */
export const ofToken = (collection: Href, token: string, date: string | undefined): Checkpoint =>
  checkpoint(`${isYoung(token, date) ? 'young' : 'token'} ${collection} ${token}`);

export const ofCtag = (collection: Href, ctag: string, date: string | undefined): Checkpoint =>
  checkpoint(`${isYoung(ctag, date) ? 'young' : 'ctag'} ${collection} ${ctag}`);

/** As the server's properties give it now; how young it is matters only to what is kept. */
export function versionOf(
  collection: Href,
  token: string | undefined,
  ctag: string | undefined,
): Checkpoint | undefined {
  if (token !== undefined) return checkpoint(`token ${collection} ${token}`);
  return ctag === undefined ? undefined : checkpoint(`ctag ${collection} ${ctag}`);
}

/** The token to ask from; undefined: ask for everything. */
export function tokenIn(collection: Href, since: Checkpoint | undefined): string | undefined {
  const start = `token ${collection} `;
  return since?.startsWith(start) === true ? since.slice(start.length) : undefined;
}

/** Seconds since 1970; SOGo gives -1 or 0 for a collection to which nothing happened yet. */
export const isTime = (token: string): boolean => /^(-1|0|[1-9]\d{9})$/.test(token);

/** By the server's own clock, which made both. */
function isYoung(token: string, date: string | undefined): boolean {
  if (!isTime(token)) return false;
  const now = Date.parse(date ?? '') / 1000;
  return Number(token) <= 0 || !(now - Number(token) >= TRUSTED_AFTER_S);
}

const TRUSTED_AFTER_S = 2;
