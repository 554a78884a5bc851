import { StorageError, type StorageErrorKind } from '../../model/errors.ts';

interface Meaning {
  readonly kind: StorageErrorKind;
  readonly reason: string;
  readonly hint?: string;
}

/** What an operation on files failed with, as a storage says it. What is no failure of the system is a bug, and stays. */
export function asStorageError(error: unknown, attempt: string): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  const { kind, reason, hint } = meaningOf(code);
  return new StorageError(
    kind,
    `${attempt}: ${reason}`,
    hint === undefined ? { reason, cause: error } : { reason, cause: error, hint },
  );
}

/** As `asStorageError`, of what watches directories: there the system means its own tables, and not the disk. */
export function asWatchError(error: unknown, root: string): unknown {
  const code = errorCode(error);
  if (code !== 'ENOSPC' && code !== 'EMFILE') return asStorageError(error, `could not watch ${root}`);
  const limit = code === 'ENOSPC' ? 'max_user_watches' : 'max_user_instances';
  return new StorageError('overloaded', `could not watch ${root}: the system has no watches left`, {
    hint: `raise fs.inotify.${limit} (sysctl); until then, changes are noticed each interval`,
    cause: error,
  });
}

/** `ENOENT` and so on; undefined for what is no failure of the system. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function meaningOf(code: string): Meaning {
  switch (code) {
    case 'ENOENT':
      return { kind: 'not-found', reason: 'there is no such file or directory' };
    case 'ENOTDIR':
      return { kind: 'not-found', reason: 'a file is where a directory should be' };
    case 'EEXIST':
      return { kind: 'already-exists', reason: 'something of that name is there already' };
    case 'ENOTEMPTY':
      return { kind: 'not-empty', reason: 'the directory is not empty' };
    case 'EACCES':
    case 'EPERM':
      return {
        kind: 'unauthorized',
        reason: 'permission denied',
        hint: 'check the owner and the mode of the directory',
      };
    case 'EROFS':
      return { kind: 'unauthorized', reason: 'the file system is mounted read-only' };
    case 'ENAMETOOLONG':
      return { kind: 'rejected', reason: 'the name is too long for the file system' };
    case 'EINVAL':
    case 'EILSEQ':
      return { kind: 'rejected', reason: 'the file system does not take that name' };
    case 'EFBIG':
      return { kind: 'rejected', reason: 'it is too large for the file system' };
    // The fault is the system's for the moment and not the item's: it must not be marked as refused, but tried again by
    // a later run. That these kinds leave open whether a write was done costs only a look at the intent.
    case 'ENOSPC':
      return { kind: 'unavailable', reason: 'the disk is full', hint: 'free some space' };
    case 'EDQUOT':
      return { kind: 'unavailable', reason: 'the disk quota is used up', hint: 'free some space' };
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOMEM':
    case 'EAGAIN':
    case 'EBUSY':
      return { kind: 'overloaded', reason: `the system is short of resources (${code})` };
    default:
      return { kind: 'unavailable', reason: `the system answered ${code}` };
  }
}
