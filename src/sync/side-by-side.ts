import type { Side, Sides } from '../model/sides.ts';

/** Both sides at once. Where both fail, the first failure is thrown. */
export async function bySideAsync<T>(make: (side: Side) => Promise<T>): Promise<Sides<T>> {
  const [a, b] = await Promise.all([make('a'), make('b')]);
  return { a, b };
}
