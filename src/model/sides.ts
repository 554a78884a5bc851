/** The two sides of a pair. A side is a value, never part of a name. */

export type Side = 'a' | 'b';
export type Sides<T> = { readonly [S in Side]: T };

export const SIDES: readonly Side[] = ['a', 'b'];

export const otherSide = (side: Side): Side => (side === 'a' ? 'b' : 'a');

export function mapSides<T, U>(sides: Sides<T>, map: (value: T, side: Side) => U): Sides<U> {
  return { a: map(sides.a, 'a'), b: map(sides.b, 'b') };
}

export function bySide<T>(make: (side: Side) => T): Sides<T> {
  return { a: make('a'), b: make('b') };
}
