import { closeSync, fstatSync, readdirSync, type Stats, writeSync } from 'node:fs';

/**
 * Whether whoever started this process handed it `descriptor` to write to. Node has descriptors of its own among the
 * low numbers: not what they are tells them, but that nobody else could be at their other end.
 */
export function isHandedOver(descriptor: number): boolean {
  const stat = statOf(descriptor);
  if (stat === undefined) return false;
  if (stat.isFIFO()) return !hasTwin(descriptor, stat);
  return stat.isSocket() || stat.isFile() || stat.isCharacterDevice();
}

/** Says that the service is up, as s6, dinit and OpenRC understand it. Answers why it could not be said, if so. */
export function announceReady(descriptor: number): string | undefined {
  try {
    writeSync(descriptor, 'READY=1\n');
    closeSync(descriptor);
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error.message;
    throw error;
  }
}

function statOf(descriptor: number): Stats | undefined {
  try {
    return fstatSync(descriptor);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** Both ends of a pipe are in this process: it is Node's. Where descriptors cannot be listed, it is believed. */
function hasTwin(descriptor: number, { dev, ino }: Stats): boolean {
  return ownDescriptors().some((other) => {
    if (other === descriptor) return false;
    const stat = statOf(other);
    return stat?.dev === dev && stat.ino === ino;
  });
}

function ownDescriptors(): readonly number[] {
  try {
    return readdirSync('/dev/fd').map(Number);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}
