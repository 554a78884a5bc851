import type { Kind } from '../model/item.ts';
import type { Redacted } from '../system/redacted.ts';
import type { Storage } from './storage.ts';

/** What the configuration needs to know of a storage type, to read its block and to open it. */
export interface StorageType {
  /** As `type` names it: `caldav`, `vdir/icalendar`. */
  readonly name: string;
  readonly kind: Kind;
  /** Never writable, whatever the configuration says. */
  readonly alwaysReadOnly: boolean;
  /** Besides `type`, `interval` and `read_only`, which every type has. */
  readonly directives: Readonly<Record<string, Directive>>;
  /** What is wrong with settings that are each right by themselves; a sentence names its directive. */
  problems(settings: Settings): readonly { readonly directive: string; readonly message: string }[];
  /** No IO; the storage connects when it is first used. Read-only is a decorator's. */
  open(settings: Settings, surroundings: Surroundings): Storage;
}

/** How a directive is written. `anywhere`: a value, or a block with `cmd`, `shell`, `env`, `file` or `prompt`. */
export type Directive =
  | { readonly value: 'text'; readonly from: 'here' | 'anywhere'; readonly required: boolean; readonly secret?: true }
  | { readonly value: 'path'; readonly from: 'here' | 'anywhere'; readonly required: boolean }
  | {
      readonly value: 'url';
      readonly from: 'here' | 'anywhere';
      readonly required: boolean;
      readonly schemes: readonly string[];
    }
  | { readonly value: 'extension'; readonly default: string }
  | { readonly value: 'choice'; readonly choices: readonly string[]; readonly default?: string }
  | { readonly value: 'count'; readonly min: number; readonly max: number; readonly default: number }
  | { readonly value: 'duration'; readonly defaultS: number }
  | { readonly value: 'flag' }
  /** One or more `https://host` or `https://*.host`, given once or more. */
  | { readonly value: 'origins' }
  /** Understood, and refused with "not supported yet". */
  | { readonly value: 'later' };

/**
 * A storage's block with all values fetched. Texts, paths (absolute), urls, extensions (without dot) and choices are
 * strings, secret texts `Redacted`; counts and durations (in seconds) numbers; flags booleans; origins lists. What was
 * not given and has no default is missing.
 */
export type Settings = ReadonlyMap<string, SettingValue>;
export type SettingValue = string | number | boolean | readonly string[] | Redacted;

/** What a storage is given besides its settings. */
export interface Surroundings {
  /** As the configuration calls the storage, for messages. */
  readonly storageName: string;
  readonly programVersion: string;
  /** What the storage asked to be remembered between runs (addresses that discovery found). Believed until it fails. */
  readonly memory: { recall(): string | undefined; remember(text: string | undefined): void };
  /** Lines for `-v debug` and `-v trace`; no secret and, below trace, no content. */
  readonly log: (level: 'debug' | 'trace', message: string) => void;
  /** Once it is aborted, what has not begun need not begin. */
  readonly signal?: AbortSignal;
}
