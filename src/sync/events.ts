import type { PropertyName } from '../model/collection.ts';
import type { StorageErrorKind } from '../model/errors.ts';
import type { Href, Ident } from '../model/names.ts';
import type { Side, Sides } from '../model/sides.ts';

/** What a run tells while it goes on; text, JSON and log are three functions over this union. */
export type SyncEvent =
  | { readonly type: 'run-begins'; readonly pair: string }
  /** Another process has the pair; this one waits for it. */
  | { readonly type: 'lock-waits'; readonly pair: string; readonly holder: number | undefined }
  /** Before anything is written; also of a dry run. The actions are made for who asks; there may be many thousands. */
  | { readonly type: 'plan'; readonly pair: string; readonly actions: () => readonly PlannedAction[] }
  | { readonly type: 'collection-begins'; readonly pair: string; readonly collection: string; readonly total: number }
  | { readonly type: 'action'; readonly pair: string; readonly action: PlannedAction; readonly outcome: Outcome }
  | { readonly type: 'conflict'; readonly pair: string; readonly conflict: Conflict }
  /** A collection, or a whole pair, that could not be synced at all. `side` where one of them is to blame. */
  | {
      readonly type: 'failure';
      readonly pair: string;
      readonly collection: string | undefined;
      readonly side: Side | undefined;
      readonly error: ErrorReport;
    }
  | { readonly type: 'log'; readonly level: LogLevel; readonly pair: string | undefined; readonly message: string }
  | { readonly type: 'summary'; readonly pair: string; readonly summary: Summary };

export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** An action of a plan, as people and scripts see it. */
export interface PlannedAction {
  readonly collection: string;
  readonly subject:
    | {
        readonly type: 'item';
        readonly ident: Ident;
        /** SUMMARY or FN. Ask while the event is told: it is taken from a text that is not kept longer than the run. */
        readonly summary: () => string;
      }
    | { readonly type: 'unidentified'; readonly href: Href }
    | { readonly type: 'property'; readonly name: PropertyName }
    | { readonly type: 'collection'; readonly items: number };
  /** `record` and `forget` write only the status; `hold` writes nothing. */
  readonly verb: 'create' | 'update' | 'delete' | 'merge' | 'record' | 'forget' | 'hold' | 'conflict';
  /** The side that is written; of a hold, the side that it is about; undefined: both or neither. */
  readonly side: Side | undefined;
  /** Why, where it is not plain: of a hold always. */
  readonly reason: string | undefined;
  /** Of a hold: whether it waits for a person, or is as the configuration wants it. */
  readonly waits: boolean;
}

export type Outcome =
  | { readonly type: 'done' }
  | { readonly type: 'held'; readonly reason: string; readonly waits: boolean }
  /** Somebody changed it while we were at it; the next run decides anew. */
  | { readonly type: 'postponed'; readonly reason: string }
  | { readonly type: 'failed'; readonly error: ErrorReport };

export interface ErrorReport {
  readonly kind: StorageErrorKind | 'status' | 'locked' | 'command' | 'usage' | 'configuration';
  readonly message: string;
  /** What is left of the message for somebody who knows what was being done, and where, if that is less. */
  readonly reason?: string;
  readonly hint: string | undefined;
  /** Seconds that a storage asked us to wait, if it did. */
  readonly retryAfterS?: number;
}

export interface Conflict {
  readonly collection: string;
  readonly subject: PlannedAction['subject'];
  /** That both changed, and why no configured way settled it. */
  readonly reason: string;
  /** For a person: each side's version in a few words. */
  readonly versions: Sides<string>;
}

export interface Summary {
  readonly outcome: 'done' | 'failed' | 'waiting' | 'interrupted';
  readonly dryRun: boolean;
  readonly written: Sides<Counts>;
  readonly collections: number;
  readonly properties: number;
  readonly merged: number;
  readonly conflicts: number;
  readonly held: number;
  readonly failed: number;
  readonly requests: Sides<number>;
  readonly bytesSent: Sides<number>;
  readonly bytesReceived: Sides<number>;
  readonly milliseconds: number;
}

export interface Counts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
}
