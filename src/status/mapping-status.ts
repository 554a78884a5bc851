import type { Agreement, Sighting } from '../model/agreement.ts';
import type { PropertyName } from '../model/collection.ts';
import { must, unreachable } from '../model/errors.ts';
import {
  checkpoint,
  type Etag,
  etag,
  type Fingerprint,
  fingerprint,
  type Href,
  type Ident,
  ident,
} from '../model/names.ts';
import { SIDES, type Side, type Sides } from '../model/sides.ts';
import type { BaseTexts, Place } from './base-texts.ts';
import type { Connection } from './connection.ts';
import type { History } from './history.ts';
import {
  addressOf,
  agreementOf,
  intentOf,
  intentValues,
  type prepareMapping,
  sightingOf,
  sightingValues,
} from './mapping-rows.ts';
import type {
  AgreedProperty,
  BaseText,
  HistoryEntry,
  Intent,
  KnownCheckpoint,
  KnownMapping,
  MappingStatus,
  StatusChange,
  Waiting,
} from './status.ts';
import type { WaitingLists } from './waiting-list.ts';

/** What the mappings of a pair share. */
export interface MappingTools {
  readonly connection: Connection;
  readonly history: History;
  readonly bases: BaseTexts;
  /** How many agreements each mapping has, as far as they were counted since it was last written to. */
  readonly counts: Map<number, number>;
  readonly waiting: WaitingLists;
  /** The run under way, which versions that are replaced carry. */
  readonly currentRun: () => number | undefined;
  readonly statements: ReturnType<typeof prepareMapping>;
}

export class MappingMemory implements MappingStatus {
  readonly id: number;
  readonly name: string;
  readonly hrefs: Sides<Href>;
  readonly #tools: MappingTools;

  constructor({ id, name, hrefs }: KnownMapping, tools: MappingTools) {
    this.id = id;
    this.name = name;
    this.hrefs = hrefs;
    this.#tools = tools;
  }

  count(): number {
    const { counts } = this.#tools;
    const known = counts.get(this.id) ?? this.#use(({ count }) => count().get(this.id)?.count ?? 0);
    counts.set(this.id, known);
    return known;
  }

  eachAgreed(side: Side, visit: (href: Href, etag: Etag, ident: Ident) => void): void {
    this.#use(({ agreed }) => {
      for (const [uid, address, version] of agreed[side]().iterate(this.id)) {
        visit(addressOf(address, ident(uid)), etag(version), ident(uid));
      }
    });
  }

  nowhere(side: Side): readonly Ident[] {
    const rows = this.#use(({ nowhere }) => nowhere[side]().all(this.id));
    return rows.map((row) => ident(row.ident));
  }

  agreement(ident: Ident): Agreement | undefined {
    return this.#use(({ agreement }) => optional(agreement().get(this.id, ident), agreementOf));
  }

  agreementAt(side: Side, href: Href): Agreement | undefined {
    return this.#use(({ agreementAt }) => optional(agreementAt[side]().get(this.id, href), agreementOf));
  }

  baseText(ident: Ident): BaseText | undefined {
    return this.#use(({ base }) => {
      const row = base().get(this.id, ident);
      if (row === undefined) return undefined;
      return { text: this.#tools.bases.read(row), fingerprint: fingerprint(row.fingerprint) };
    });
  }

  sightings(): readonly Sighting[] {
    return this.#use(({ sightings }) => sightings().all(this.id).map(sightingOf));
  }

  intents(): readonly Intent[] {
    return this.#use(({ intents }) => intents().all(this.id).map(intentOf));
  }

  waiting(): readonly Waiting[] {
    return this.#tools.waiting.read(this.id);
  }

  checkpoint(side: Side): KnownCheckpoint | undefined {
    return this.#use(({ checkpointOf }) =>
      optional(checkpointOf().get(this.id, side), (row) => ({
        checkpoint: checkpoint(row.checkpoint),
        listedAt: row.listed_at,
      })),
    );
  }

  property(name: PropertyName): AgreedProperty | undefined {
    return this.#use(({ property }) =>
      optional(property().get(this.id, name), ({ value }) => ({ value: value ?? undefined })),
    );
  }

  isOlder(side: Side, ident: Ident, content: Fingerprint): boolean {
    const agreed = this.agreement(ident)?.sides[side];
    if (agreed?.fingerprint === content) return false;
    if (agreed?.previous === content) return true;
    return this.#use(() => this.#tools.history.knows(this.name, ident, content));
  }

  commit(changes: readonly StatusChange[]): void {
    if (changes.length === 0) return;
    this.#tools.counts.delete(this.id);
    // A version that a write is about to destroy must be in the history for good before the write may begin (SR4).
    // What else is lost with the power is found again by looking (SR5).
    const destroys = changes.some((change) => change.type === 'intend' && change.destroys.length > 0);
    this.#tools.connection.transaction(destroys ? 'power-loss' : 'crash', () => {
      const bases = changes.flatMap((change) => (change.type === 'agree' ? (change.base ?? []) : []));
      const places = this.#tools.bases.add(bases);
      for (const change of changes) this.#write(change, places);
    });
  }

  wait(things: readonly Waiting[]): void {
    this.#tools.waiting.replace(this.id, things);
  }

  #write(change: StatusChange, places: ReadonlyMap<BaseText, Place>): void {
    const { statements } = this.#tools;
    switch (change.type) {
      case 'agree':
        this.#agree(
          change.agreement,
          change.base,
          change.base && must(places.get(change.base), 'each base text has a place'),
        );
        break;
      case 'forget':
        statements.forget().run(this.id, change.ident);
        break;
      case 'intend':
        this.#intend(change.intent, change.destroys);
        break;
      case 'done':
        statements.removeIntent().run(this.id, change.ident);
        break;
      case 'not-done':
        this.#takeBack(change.ident);
        break;
      case 'sight':
        statements.sight().run(this.id, ...sightingValues(change.sighting));
        break;
      case 'unsight':
        statements.unsight().run(this.id, change.side, change.href);
        break;
      case 'checkpoint':
        this.#setCheckpoint(change.side, change.known);
        break;
      case 'property':
        this.#setProperty(change.name, change.agreed);
        break;
      default:
        unreachable(change);
    }
  }

  /** Names may be exchanged within one commit. Whoever had a href of this agreement loses it, and is nowhere then. */
  #agree({ ident, sides }: Agreement, base: BaseText | undefined, place: Place | undefined): void {
    const { statements } = this.#tools;
    for (const side of SIDES) statements.displace[side]().run(this.id, sides[side].href, ident);
    const { a, b } = sides;
    statements
      .agree()
      .run(
        this.id,
        ident,
        a.href,
        b.href,
        a.etag,
        b.etag,
        a.fingerprint,
        b.fingerprint,
        base?.fingerprint ?? null,
        place?.pack ?? null,
        place?.start ?? null,
        place?.end ?? null,
      );
  }

  #intend(intent: Intent, destroys: readonly HistoryEntry[]): void {
    const { statements, history, currentRun } = this.#tools;
    statements.removeIntent().run(this.id, intent.ident);
    const { lastInsertRowid } = statements.addIntent().run(this.id, ...intentValues(intent));
    const circumstances = { collection: this.name, intent: Number(lastInsertRowid), run: currentRun() };
    for (const entry of destroys) history.add(entry, circumstances);
  }

  #takeBack(ident: Ident): void {
    const { statements, history } = this.#tools;
    const intent = statements.intentId().get(this.id, ident);
    if (intent === undefined) return;
    history.takeBack(intent.id);
    statements.removeIntent().run(this.id, ident);
  }

  #setCheckpoint(side: Side, known: KnownCheckpoint | undefined): void {
    const { setCheckpoint, dropCheckpoint } = this.#tools.statements;
    if (known === undefined) dropCheckpoint().run(this.id, side);
    else setCheckpoint().run(this.id, side, known.checkpoint, known.listedAt);
  }

  #setProperty(name: PropertyName, agreed: AgreedProperty | undefined): void {
    const { setProperty, dropProperty } = this.#tools.statements;
    if (agreed === undefined) dropProperty().run(this.id, name);
    else setProperty().run(this.id, name, agreed.value ?? null);
  }

  #use<T>(work: (statements: MappingTools['statements']) => T): T {
    return this.#tools.connection.use(() => work(this.#tools.statements));
  }
}

const optional = <Row, T>(row: Row | undefined, decode: (row: Row) => T): T | undefined =>
  row === undefined ? undefined : decode(row);
