/**
 * How a person names a kept version: eight hexadecimal digits, which no other version of the pair ever has. They are
 * the row's number, scattered, so that the first few tell versions of one day apart, and the beginning of a name that
 * is no longer there is hardly ever that of another.
 */
export const versionName = (id: number): string => (Math.imul(id, SCATTER) >>> 0).toString(16).padStart(8, '0');

/** Odd, so that it gives each 32-bit number another one: 2^32 divided by the golden ratio. */
const SCATTER = 0x9e3779b1;
