import { ExpectedError, must } from '../model/errors.ts';
import type { Settings, SettingValue } from '../storage/storage-type.ts';
import { Redacted } from '../system/redacted.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { checkForm } from './form.ts';
import { bytesFrom, failure, nameOf, type Surroundings } from './source.ts';
import type { StorageSettings } from './storage.ts';
import type { Elsewhere, Value } from './value.ts';

export interface FetchedValues {
  readonly statusPath: string;
  /** Of the storages that were asked for, by name. */
  readonly settings: ReadonlyMap<string, Settings>;
  /** Why there are none of the other storages. */
  readonly failures: ReadonlyMap<string, ExpectedError>;
}

/**
 * Gets all values that some storages need from where they are, one after the other, each source once. A failure is a
 * `CommandError` or `ConfigError`, which names the directive and never what a program wrote on its standard output;
 * one of a storage is a value, one of `status_path` is thrown, and so is the signal's reason.
 */
export async function fetchValues(
  config: Config,
  storageNames: Iterable<string>,
  surroundings: Omit<Surroundings, 'commandEnv'>,
): Promise<FetchedValues> {
  const commandEnv = withoutSecrets(config, surroundings.env);
  const fetcher: Fetcher = { ...surroundings, commandEnv, texts: new Map() };
  const statusPath = await fetchValue(config.statusPath, fetcher);
  const settings = new Map<string, Settings>();
  const failures = new Map<string, ExpectedError>();
  for (const name of new Set(storageNames)) {
    const storage = must(config.storages.get(name), `storage "${name}" is configured`);
    try {
      settings.set(name, await fetchSettings(storage, fetcher));
    } catch (error) {
      surroundings.signal?.throwIfAborted();
      if (!(error instanceof ExpectedError)) throw error;
      failures.set(name, error);
    }
  }
  return { statusPath: String(statusPath), settings, failures };
}

interface Fetcher extends Surroundings {
  /** What was fetched already, or tried in vain, by its source. */
  readonly texts: Map<string, Redacted | ExpectedError>;
}

/** The environment of the programs that we start: variables that hold secrets are for us only. */
export function withoutSecrets(config: Config, env: Surroundings['env']): Surroundings['env'] {
  const values = [...config.storages.values()].flatMap((storage) => [...storage.values.values()]);
  const hidden = new Set(
    values.flatMap((value) =>
      value.type === 'elsewhere' && value.secret && value.source.from === 'env' ? [value.source.name] : [],
    ),
  );
  return Object.fromEntries(Object.entries(env).filter(([name]) => !hidden.has(name)));
}

async function fetchSettings(storage: StorageSettings, fetcher: Fetcher): Promise<Settings> {
  const settings = new Map<string, SettingValue>();
  for (const [name, value] of storage.values) settings.set(name, await fetchValue(value, fetcher));
  const problem = storage.type.problems(settings)[0];
  if (problem !== undefined) throw new ConfigError(`storage "${storage.name}": ${problem.message}`);
  return settings;
}

async function fetchValue(value: Value, fetcher: Fetcher): Promise<SettingValue> {
  if (value.type === 'here') return value.value;
  const text = await fetchText(value, fetcher);
  const checked = checkForm(text, value.form);
  if (checked.type === 'wrong') throw failure(value, `what came from ${nameOf(value.source)} ${checked.problem}`);
  return value.secret ? new Redacted(checked.value) : checked.value;
}

async function fetchText(value: Elsewhere, fetcher: Fetcher): Promise<string> {
  const key = JSON.stringify(value.source);
  const known = fetcher.texts.get(key);
  if (known instanceof ExpectedError) throw known;
  if (known !== undefined) return known.reveal();
  try {
    const text = oneLine(await bytesFrom(value, fetcher), value);
    fetcher.texts.set(key, new Redacted(text));
    return text;
  } catch (error) {
    if (error instanceof ExpectedError) fetcher.texts.set(key, error);
    throw error;
  }
}

/** One line of text: one line end behind it is cut, as programs write it. */
function oneLine(bytes: Uint8Array, value: Elsewhere): string {
  const wrong = (what: string): ExpectedError => failure(value, `${nameOf(value.source)} gave ${what}`);
  const text = decode(bytes)?.replace(/(\r\n|\n|\r)$/, '');
  if (text === undefined) throw wrong('what is not UTF-8');
  if (text === '') throw wrong('no text');
  if (text.includes('\0')) throw wrong('a NUL byte');
  if (/[\r\n]/.test(text)) throw wrong('several lines, where one is wanted');
  return text;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
