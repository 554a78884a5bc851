import type { Side } from '../../model/sides.ts';

/** What a call asks for, as its arguments say it. */
export type Command =
  | { readonly name: 'check' | 'discover'; readonly pairs: readonly string[] }
  | SyncCommand
  | DaemonCommand
  | { readonly name: 'status'; readonly pairs: readonly string[] }
  | ResolveCommand
  | HistoryCommand
  | RestoreCommand
  | ForgetCommand
  | RepairCommand
  | { readonly name: 'list'; readonly what: 'pairs' | 'storages' | 'collections' }
  | { readonly name: 'completion'; readonly shell: Shell }
  | { readonly name: 'version' };

/** Those whose completion we know. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export interface SyncCommand {
  readonly name: 'sync';
  /** `pair` or `pair/collection`; none: all. */
  readonly pairs: readonly string[];
  readonly dryRun: boolean;
  readonly interactive: boolean;
  readonly full: boolean;
  readonly allow: { readonly empty: boolean; readonly delete: boolean; readonly rollback: boolean };
}

export interface DaemonCommand {
  readonly name: 'daemon';
  readonly pairs: readonly string[];
  /** Where it is said that all is up. */
  readonly readyDescriptor: number | undefined;
}

export interface ResolveCommand {
  readonly name: 'resolve-conflicts';
  /** `pair` or `pair/collection`; none: all. */
  readonly pairs: readonly string[];
  /** Only shows. */
  readonly dryRun: boolean;
  /** The side that wins everywhere; undefined: a person is asked. */
  readonly keep: Side | undefined;
}

export interface HistoryCommand {
  readonly name: 'history';
  /** `pair` or `pair/collection`. */
  readonly pair: string;
  readonly uid: string | undefined;
}

export interface RestoreCommand {
  readonly name: 'restore';
  readonly pair: string;
  /** Beginnings of their names. */
  readonly versions: readonly string[];
  /** All that this run replaced or deleted. */
  readonly run: number | undefined;
  /** A file for the text of one version; `-`: standard output. */
  readonly to: string | undefined;
  readonly dryRun: boolean;
}

export interface ForgetCommand {
  readonly name: 'forget';
  /** `pair` or `pair/collection`, at least one. */
  readonly names: readonly string[];
  readonly yes: boolean;
}

export interface RepairCommand {
  readonly name: 'repair';
  /** None: all. */
  readonly storages: readonly string[];
  readonly dryRun: boolean;
}
