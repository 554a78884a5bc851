/** What real storages do differently from the plainest one. */
export interface Quirks {
  /** What is kept of a text that is written. */
  readonly rewrites: (text: string) => string;
  /** `Written` never promises that the text is held as it was sent. */
  readonly holdsUnknown: boolean;
  readonly etagInWritten: boolean;
  /** `content`: a text that comes back has its old etag again. */
  readonly etags: 'counter' | 'content';
  /** Looks give checkpoints and take them, and collections have versions. */
  readonly checkpoints: boolean;
  readonly properties: boolean;
  readonly readOnly: boolean;
  /** Looks give the content of readable items at once. */
  readonly itemsInLook: boolean;
  /** What looks at everything say of themselves. */
  readonly complete: boolean;
}

export const NO_QUIRKS: Quirks = {
  rewrites: (text) => text,
  holdsUnknown: false,
  etagInWritten: true,
  etags: 'counter',
  checkpoints: true,
  properties: true,
  readOnly: false,
  itemsInLook: false,
  complete: true,
};
