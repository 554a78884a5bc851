import { setTimeout as delay } from 'node:timers/promises';
import { otherSide, SIDES, type Side, type Sides } from '../../src/model/sides.ts';
import type { Place } from './places.ts';
import type { Weather } from './weather.ts';

const UIDS = Array.from({ length: 40 }, (_, index) => `item-${index}`);
/** An edit each one to three seconds. */
const PAUSE_MS = { least: 1000, most: 3000 };
const DELETIONS = 0.2;

interface Kept {
  /** What has to be there; undefined: nothing. */
  readonly title: string | undefined;
  /** Where it was edited last. */
  readonly side: Side;
  readonly editedAt: number;
}

/**
 * Somebody who edits on both sides, and knows what has to be there. An item is edited on the other side only when
 * nothing can be under way between the sides, so that there is never a conflict.
 */
export class Life {
  readonly wrongs: string[] = [];
  readonly edits = { a: 0, b: 0 };
  /** From a local edit to the server's having it, in fair weather. */
  readonly latenciesMs: number[] = [];
  readonly #places: Sides<Place>;
  readonly #weather: Weather;
  readonly #items = new Map<string, Kept>(
    UIDS.map((uid, n) => [uid, { title: undefined, side: n % 2 === 0 ? 'a' : 'b', editedAt: 0 }]),
  );
  readonly #underWay = new Map<string, { readonly title: string | undefined; readonly at: number }>();
  #lastEditAt = 0;

  constructor(places: Sides<Place>, weather: Weather) {
    this.#places = places;
    this.#weather = weather;
    weather.onWorse(() => this.#underWay.clear());
  }

  /** Until the signal. Between two edits others have a turn. */
  async live(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#weather.inTurn(() => this.#edit());
      await delay(PAUSE_MS.least + Math.random() * (PAUSE_MS.most - PAUSE_MS.least));
    }
  }

  get lastEditAt(): number {
    return this.#lastEditAt;
  }

  /** What has to be there. */
  get uids(): readonly string[] {
    return UIDS.filter((uid) => this.#items.get(uid)?.title !== undefined);
  }

  reached(uid: string, text: string | undefined): void {
    const awaited = this.#underWay.get(uid);
    const came = text === undefined ? awaited?.title === undefined : text.includes(`SUMMARY:${awaited?.title}\r\n`);
    if (awaited === undefined || !came) return;
    this.#underWay.delete(uid);
    this.latenciesMs.push(Date.now() - awaited.at);
  }

  /** Looks at all items of both sides, and says what is not as it has to be. The server has to be up. */
  async compare(when: string): Promise<void> {
    for (const [uid, { title }] of this.#items) {
      const found = await this.#find(uid);
      for (const side of SIDES) {
        if (found[side] !== title) this.wrong(`${when}: ${uid} on ${side}: ${said(found[side])}, not ${said(title)}`);
      }
    }
  }

  wrong(what: string): void {
    process.stderr.write(`${what}\n`);
    this.wrongs.push(what);
  }

  async #edit(): Promise<void> {
    const uid = UIDS[Math.floor(Math.random() * UIDS.length)] ?? '';
    const kept = this.#items.get(uid);
    if (kept === undefined) return;
    const side = Math.random() < 0.5 && (await this.#isSettled(uid, kept)) ? otherSide(kept.side) : kept.side;
    if (side === 'b' && !this.#weather.isServerUp) return;
    const at = Date.now();
    const title = kept.title !== undefined && Math.random() < DELETIONS ? undefined : `Edit ${at} of ${uid}`;
    const place = this.#places[side];
    const found = await place.titleOf(uid);
    if (found !== kept.title) {
      this.wrong(`${new Date(at).toISOString()}: ${uid} on ${side}: ${said(found)}, not ${said(kept.title)}`);
    }
    if (title !== undefined) await place.write(uid, title);
    else if (found !== undefined) await place.remove(uid);
    this.#lastEditAt = Date.now();
    this.#items.set(uid, { title, side, editedAt: this.#lastEditAt });
    this.edits[side] += 1;
    if (side === 'a' && this.#weather.isFair) this.#underWay.set(uid, { title, at });
  }

  async #isSettled(uid: string, { title, editedAt }: Kept): Promise<boolean> {
    if (!this.#weather.isServerUp || !this.#weather.wasSyncedSince(editedAt)) return false;
    const found = await this.#find(uid);
    return found.a === title && found.b === title;
  }

  async #find(uid: string): Promise<Sides<string | undefined>> {
    const [a, b] = [await this.#places.a.titleOf(uid), await this.#places.b.titleOf(uid)];
    return { a, b };
  }
}

const said = (title: string | undefined): string => title ?? 'nothing';
