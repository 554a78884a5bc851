import { isRefusal, must, type StorageErrorKind } from '../../model/errors.ts';
import type { Side } from '../../model/sides.ts';
import { reportOf } from '../error-report.ts';
import type { ErrorReport } from '../events.ts';
import type { WriteResult } from './write-item.ts';

/** After so many failures in a row on one side, the rest is not tried: it is that storage that fails, not the items. */
const FAILURES_IN_A_ROW = 5;

/** Notices a storage that fails whatever it is asked. */
export class FailureCount {
  readonly #inARow = { a: 0, b: 0 };
  readonly #last: Partial<Record<Side, WriteResult & { type: 'failed' }>> = {};

  count(side: Side, result: WriteResult): void {
    if (result.type === 'failed' && isOfTheStorage(result.error.kind)) {
      this.#inARow[side] += 1;
      this.#last[side] = result;
    } else {
      this.#inARow[side] = 0;
    }
  }

  tooMany(side: Side): boolean {
    return this.#inARow[side] >= FAILURES_IN_A_ROW;
  }

  report(side: Side): ErrorReport {
    const last = must(this.#last[side], 'too many failures are known');
    const error = reportOf(last.error);
    const why = `not tried after ${FAILURES_IN_A_ROW} failures in a row`;
    return { ...error, message: `${why}: ${error.message}`, reason: `${why}: ${last.error.reason}` };
  }
}

const isOfTheStorage = (kind: StorageErrorKind): boolean => !isRefusal(kind) || kind === 'denied';
