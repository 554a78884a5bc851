import type { StorageType } from '../storage/storage-type.ts';
import type { Home } from './locate.ts';
import type { Mistake, Place } from './mistake.ts';

/** What every reader of a part of the configuration is given: what it may know, and where it says what is wrong. */
export interface Reading {
  readonly home: Home;
  readonly types: readonly StorageType[];
  /** Answers undefined, for the reader to hand on: there is no value. */
  mistake(at: Place, message: string): undefined;
  warning(at: Place, message: string): undefined;
}

export interface Findings extends Reading {
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly Mistake[];
}

export function startReading(home: Home, types: readonly StorageType[], mistakesSoFar: readonly Mistake[]): Findings {
  const mistakes = [...mistakesSoFar];
  const warnings: Mistake[] = [];
  return {
    home,
    types,
    mistakes,
    warnings,
    mistake(at, message) {
      mistakes.push({ at, message });
    },
    warning(at, message) {
      warnings.push({ at, message });
    },
  };
}
