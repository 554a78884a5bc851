import type { CarriageReturns } from './xml-writer.ts';

/**
 * How the server behaves where servers differ. The default is a server without surprises; every other value was seen
 * at one that people use. All of it can be changed while the server runs.
 */
export interface Behaviour {
  /** Basic authentication, where set. */
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  readonly wellKnown: 'redirect' | 'missing' | 'html';
  /**
   * `content`: a hash, strong. `revision`: strong, new with every write. `counter`: the same for every new item, as
   * SOGo makes them. `weak`: a hash that no If-Match can ever match. `none`: no etags anywhere.
   */
  readonly etags: 'content' | 'revision' | 'counter' | 'weak' | 'none';
  /** Whether the answer to a PUT names the etag. */
  readonly putEtag: 'always' | 'never' | 'unless-rewritten';
  /** What a PUT makes of the text that it was sent. */
  readonly rewrite: 'none' | 'add-property' | 'drop-property' | 'refold' | ((text: string) => string);
  /** DTSTAMP and REV are made new at every read, the etag stays. */
  readonly rewritesOnRead: boolean;
  /** `no-data`: sync-collection answers hrefs and etags only. `none`: it is not supported. */
  readonly sync: 'full' | 'no-data' | 'none';
  /** `seconds`: the second of the last change is the token and the ctag, and -1 where nothing ever changed. */
  readonly tokens: 'revision' | 'seconds';
  readonly ctag: boolean;
  /** What a token that was not given by this collection leads to. */
  readonly badToken: 403 | 409 | 410 | 500 | 'full-list' | 'no-changes';
  /** The most rows of an answer to sync-collection; the rest is asked for with the token that came with them. */
  readonly syncPageSize: number | undefined;
  /** Whether a limit in the request is honoured. */
  readonly honoursLimit: boolean;
  readonly initialSyncListsDeleted: boolean;
  /** The most rows of a PROPFIND or query; a row with 507 says that there is more. */
  readonly listingLimit: number | undefined;
  readonly missingInMultiget: 'row' | 'left-out' | 'fails';
  /** Whether errors of PROPFIND and of writes come as themselves, or within a 207. */
  readonly errors: 'status' | 'multistatus';
  /** Status of a second item with a UID that the collection has already; undefined stores both. */
  readonly uidConflict: 409 | 403 | undefined;
  /** Status for what is neither a calendar nor a card; undefined stores it. */
  readonly garbage: 403 | 400 | 415 | 404 | undefined;
  readonly maxItemBytes: number | undefined;
  readonly ignoresIfNoneMatch: boolean;
  readonly ignoresIfMatchOnDelete: boolean;
  /** How hrefs are written in answers. `bare` leaves `@` and `:` as they are, `lower-case` writes %c3%a9. */
  readonly hrefs: 'canonical' | 'bare' | 'lower-case' | 'absolute';
  /** Local names of properties that are refused, together with all others of the same request. */
  readonly refusedProperties: readonly string[];
  /** MKCALENDAR and MKCOL answer 201 and keep none of the properties that they were given. */
  readonly forgetsPropertiesOnCreation: boolean;
  /** How a carriage return is written in XML: `raw` ones are turned into line feeds by every parser. */
  readonly carriageReturns: CarriageReturns;
  readonly closesConnections: boolean;
  /** Before each answer, in milliseconds. */
  readonly delayMs: number;
}

export const PLAIN_BEHAVIOUR: Behaviour = {
  credentials: undefined,
  wellKnown: 'redirect',
  etags: 'content',
  putEtag: 'always',
  rewrite: 'none',
  rewritesOnRead: false,
  sync: 'full',
  tokens: 'revision',
  ctag: true,
  badToken: 403,
  syncPageSize: undefined,
  honoursLimit: true,
  initialSyncListsDeleted: false,
  listingLimit: undefined,
  missingInMultiget: 'row',
  errors: 'status',
  uidConflict: undefined,
  garbage: 403,
  maxItemBytes: undefined,
  ignoresIfNoneMatch: false,
  ignoresIfMatchOnDelete: false,
  hrefs: 'canonical',
  refusedProperties: [],
  forgetsPropertiesOnCreation: false,
  carriageReturns: 'raw',
  closesConnections: false,
  delayMs: 0,
};
