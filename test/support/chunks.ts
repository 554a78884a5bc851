/** A body that arrives in pieces of `size` bytes. */
export async function* chunksOf(body: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
