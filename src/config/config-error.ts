import { ExpectedError } from '../model/errors.ts';

/** The configuration cannot be used: it cannot be read, has mistakes, or what it names gives no value. */
export class ConfigError extends ExpectedError {
  /** `FILE:LINE:COLUMN: message` with the line and a caret, each; none where the file was not read. */
  readonly mistakes: readonly string[];

  constructor(
    message: string,
    options: { readonly hint?: string; readonly cause?: unknown; readonly mistakes?: readonly string[] } = {},
  ) {
    super(message, options);
    this.mistakes = options.mistakes ?? [];
  }
}
