import type { Config } from '../../config/config.ts';
import type { FetchedValues } from '../../config/secret.ts';
import type { Settings, SettingValue } from '../../storage/storage-type.ts';
import { Redacted } from '../../system/redacted.ts';

/** How often the values of some storages had been fetched when they were used. */
export type Seen = ReadonlyMap<string, number>;

type Fetch = (storages: readonly string[]) => Promise<FetchedValues>;

/** The passwords and addresses of a process that runs for long. One fetch at a time, so that one window asks at most. */
export class KeptValues {
  readonly #config: Config;
  readonly #fetch: Fetch;
  readonly #fetches = new Map<string, number>();
  #values: FetchedValues;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(config: Config, values: FetchedValues, fetch: Fetch) {
    this.#config = config;
    this.#values = values;
    this.#fetch = fetch;
  }

  get values(): FetchedValues {
    return this.#values;
  }

  seen(storages: readonly string[]): Seen {
    return new Map(storages.map((name) => [name, this.#fetchesOf(name)]));
  }

  /**
   * Fetches anew what was used, unless that was done since: two pairs with one storage, or one password command, do
   * not ask twice. Answers whether anything is another now than it was when it was seen, or than it was before.
   */
  async renew(seen: Seen): Promise<'same' | 'changed'> {
    const renewed = this.#busy.then(() => this.#renew(seen));
    this.#busy = renewed.catch(() => undefined);
    return renewed;
  }

  async #renew(seen: Seen): Promise<'same' | 'changed'> {
    const used = [...seen.keys()];
    if (used.some((name) => this.#fetchesOf(name) !== seen.get(name))) return 'changed';
    const names = this.#withOneSource(used);
    const before = this.#values;
    const { settings, failures } = await this.#fetch(names);
    for (const name of names) this.#fetches.set(name, this.#fetchesOf(name) + 1);
    const kept = <T>(all: ReadonlyMap<string, T>): (readonly [string, T])[] =>
      [...all].filter(([name]) => !names.includes(name));
    this.#values = {
      ...before,
      settings: new Map([...kept(before.settings), ...settings]),
      failures: new Map([...kept(before.failures), ...failures]),
    };
    return used.every((name) => isSame(before.settings.get(name), settings.get(name))) ? 'same' : 'changed';
  }

  #fetchesOf(storage: string): number {
    return this.#fetches.get(storage) ?? 0;
  }

  /** Those storages, and others in use that have a value from the same place. */
  #withOneSource(storages: readonly string[]): readonly string[] {
    const sources = new Set(storages.flatMap((name) => this.#sourcesOf(name)));
    const inUse = [...this.#values.settings.keys(), ...this.#values.failures.keys()];
    const sharing = inUse.filter((name) => this.#sourcesOf(name).some((source) => sources.has(source)));
    return [...new Set([...storages, ...sharing])];
  }

  #sourcesOf(storage: string): readonly string[] {
    const values = [...(this.#config.storages.get(storage)?.values.values() ?? [])];
    return values.flatMap((value) => (value.type === 'elsewhere' ? [JSON.stringify(value.source)] : []));
  }
}

function isSame(one: Settings | undefined, other: Settings | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.size === other.size && [...one].every(([name, value]) => plain(value) === plain(other.get(name)));
}

const plain = (value: SettingValue | undefined): string =>
  value instanceof Redacted ? value.reveal() : JSON.stringify(value ?? null);
