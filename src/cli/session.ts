import type { GlobalOptions } from './call/arguments.ts';
import type { Outside } from './outside.ts';
import type { Print } from './print.ts';

/** What every command is given. */
export interface Session {
  readonly outside: Outside;
  readonly options: GlobalOptions;
  readonly print: Print;
}
