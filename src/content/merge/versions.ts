/** The three texts of a merge, or one part of each: what both sides last agreed on, and what each has now. */
export interface Versions<T> {
  readonly base: T;
  readonly a: T;
  readonly b: T;
}

export function mapVersions<T, U>(versions: Versions<T>, map: (value: T) => U): Versions<U> {
  return { base: map(versions.base), a: map(versions.a), b: map(versions.b) };
}
