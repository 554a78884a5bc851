import type { Agreement, Sighting } from '../model/agreement.ts';
import type { PropertyName } from '../model/collection.ts';
import type { Checkpoint, Etag, Fingerprint, Href, Ident } from '../model/names.ts';
import type { Side, Sides } from '../model/sides.ts';

/**
 * What a pair remembers between runs, as the engine may ask it; no SQL on this side. Every method is synchronous and
 * throws `StatusError` where the database cannot be used. What `commit` returned from survives a crash of the process.
 */
export interface Status {
  /** Nothing was ever recorded for this pair: its first run, or its status was deleted. */
  readonly isNew: boolean;
  mappings(): readonly KnownMapping[];
  /** The status of the mapping between two collections, which is made where there is none (ST5). */
  mapping(name: string, hrefs: Sides<Href>): MappingStatus;
  /** Drops all that is known of a mapping but its history. */
  forgetMapping(id: number): void;
  /** What the storage of a side asked to be remembered. */
  recall(side: Side): string | undefined;
  remember(side: Side, text: string | undefined): void;
  /** Replaces what waits for a person at the pair as a whole; see `MappingStatus.wait`. */
  wait(things: readonly Waiting[]): void;
  waiting(): readonly Waiting[];
  /** Begins a run; versions that are replaced in it carry its number. */
  beginRun(): number;
  endRun(run: number, ending: RunEnding): void;
  /** Removes versions from the history that are older than `seconds`, and the oldest where they take too much room. */
  pruneHistory(seconds: number): void;
  close(): void;
}

export interface KnownMapping {
  readonly id: number;
  readonly name: string;
  readonly hrefs: Sides<Href>;
}

export interface MappingStatus extends KnownMapping {
  /** How many items are agreed. */
  count(): number;
  /** What is agreed on one side, in no order. What lost its address to another is `nowhere`. Do not write meanwhile. */
  eachAgreed(side: Side, visit: (href: Href, etag: Etag, ident: Ident) => void): void;
  /** Items that are agreed, and lost their address on that side to another. */
  nowhere(side: Side): readonly Ident[];
  agreement(ident: Ident): Agreement | undefined;
  agreementAt(side: Side, href: Href): Agreement | undefined;
  /** What both sides had, or, where they keep it differently, one of them; its fingerprint tells which. */
  baseText(ident: Ident): BaseText | undefined;
  sightings(): readonly Sighting[];
  intents(): readonly Intent[];
  waiting(): readonly Waiting[];
  checkpoint(side: Side): KnownCheckpoint | undefined;
  /** Agreed values; a name that is missing was unset on both sides; undefined: never agreed. */
  property(name: PropertyName): AgreedProperty | undefined;
  /** Whether the history or the agreement knows this content of this item as an older one (SG5). */
  isOlder(side: Side, ident: Ident, fingerprint: Fingerprint): boolean;

  /** All of it or nothing, in this order, in one transaction. */
  commit(changes: readonly StatusChange[]): void;
  /** Replaces the list of what waits for a person. Rows that stay keep their time; nothing is written where all stay. */
  wait(things: readonly Waiting[]): void;
}

export interface BaseText {
  readonly text: string;
  readonly fingerprint: Fingerprint;
}

export interface KnownCheckpoint {
  readonly checkpoint: Checkpoint;
  /** When everything was last listed, in milliseconds since 1970. */
  readonly listedAt: number;
}

export interface AgreedProperty {
  readonly value: string | undefined;
}

/** A write that may have happened (SR4). One an ident at most. */
export interface Intent {
  readonly ident: Ident;
  readonly side: Side;
  readonly verb: 'create' | 'update' | 'delete';
  readonly href: Href;
  /** Of the new text; undefined for a deletion. */
  readonly fingerprint: Fingerprint | undefined;
  /** What the other side held that this write copies; undefined for a deletion. */
  readonly source: { readonly href: Href; readonly etag: string; readonly fingerprint: Fingerprint } | undefined;
}

/** A version that a write replaces or removes. */
export interface HistoryEntry {
  readonly ident: Ident;
  readonly side: Side;
  readonly href: Href;
  readonly text: string;
  readonly fingerprint: Fingerprint;
  readonly reason: HistoryReason;
  /** For a person: SUMMARY or FN. */
  readonly summary: string;
}

export type HistoryReason =
  | 'replaced'
  | 'deleted'
  | 'conflict'
  | 'undone'
  | 'rewritten'
  | 'surplus'
  /** An older version was put back in its place. */
  | 'restored'
  /** It got a UID, or was a copy too many. */
  | 'repaired';

export type StatusChange =
  | {
      readonly type: 'agree';
      readonly agreement: Agreement /** undefined: as it is */;
      readonly base: BaseText | undefined;
    }
  | { readonly type: 'forget'; readonly ident: Ident }
  /** The intent, and what its write destroys. Replaces an older intent of that ident. */
  | { readonly type: 'intend'; readonly intent: Intent; readonly destroys: readonly HistoryEntry[] }
  /** The write was done, or will never be asked about again; the history keeps what it destroyed. */
  | { readonly type: 'done'; readonly ident: Ident }
  /** The write was certainly not done: the intent and its history entries go. */
  | { readonly type: 'not-done'; readonly ident: Ident }
  | { readonly type: 'sight'; readonly sighting: Sighting }
  | { readonly type: 'unsight'; readonly side: Side; readonly href: Href }
  | { readonly type: 'checkpoint'; readonly side: Side; readonly known: KnownCheckpoint | undefined }
  | { readonly type: 'property'; readonly name: PropertyName; readonly agreed: AgreedProperty | undefined };

/** Something that does not go on by itself, or did not go well: what `status` shows. */
export interface Waiting {
  readonly type: 'conflict' | 'held' | 'failed' | 'unreadable' | 'duplicate';
  /** An ident, a property's name, a href, or empty for a collection or pair as a whole. Unique with `type`. */
  readonly subject: string;
  readonly side: Side | undefined;
  /** For a person: SUMMARY or FN, where there is one. */
  readonly summary: string;
  readonly reason: string;
  /** Of the versions that it is about: as long as both stay, so does it (SI16). */
  readonly versions: Sides<Fingerprint | undefined>;
  /** Nobody has to do anything: it is so because the configuration, or the storage, wants it so. */
  readonly waits?: false;
}

export interface RunEnding {
  readonly outcome: 'done' | 'failed' | 'waiting' | 'interrupted';
  /** A JSON object of counts, or the error's message. */
  readonly details: string;
}
