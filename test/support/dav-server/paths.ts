/**
 * Paths have one form here, so that two spellings of one address are one resource: every segment decoded once and
 * encoded again by the same function. Collections end in a slash.
 */

export function canonicalPath(path: string): string {
  const { pathname } = new URL(path, 'http://127.0.0.1');
  return pathname.split('/').map(canonicalSegment).join('/');
}

function canonicalSegment(segment: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(segment));
  } catch (error) {
    if (error instanceof URIError) return encodeURIComponent(segment);
    throw error;
  }
}

/** The path of what a path is directly below; with a slash at its end. */
export function parentPath(path: string): string {
  const withoutSlash = path.endsWith('/') ? path.slice(0, -1) : path;
  return withoutSlash.slice(0, withoutSlash.lastIndexOf('/') + 1);
}

/** The last segment, as it is encoded. */
export const lastSegment = (path: string): string => path.slice(parentPath(path).length).replace(/\/$/, '');

export const asCollectionPath = (path: string): string => (path.endsWith('/') ? path : `${path}/`);
