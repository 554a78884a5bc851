import { fstatSync } from 'node:fs';

/**
 * Whether what is written to `descriptor` goes to systemd's journal: `JOURNAL_STREAM` is `device:inode` of the stream
 * that it set up, and is inherited also by those whose output was led elsewhere (systemd.exec(5)).
 */
export function isJournal(stream: string | undefined, descriptor: number): boolean {
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return stream === `${dev}:${ino}`;
  } catch (error) {
    // It is closed.
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
