import { afterEach, beforeEach, describe } from 'vitest';
import type { Href } from '../../src/model/names.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { accessRules } from './conformance/access.ts';
import { Bench } from './conformance/bench.ts';
import { checkpointRules } from './conformance/checkpoints.ts';
import { collectionRules } from './conformance/collections.ts';
import { fetchRules } from './conformance/fetching.ts';
import { identityRules } from './conformance/identities.ts';
import { interruptionRules } from './conformance/interruptions.ts';
import { lookRules } from './conformance/looking.ts';
import { propertyRules } from './conformance/properties.ts';
import { versionRules } from './conformance/versions.ts';
import { watchRules } from './conformance/watching.ts';

/** A storage to be tested, and the hand of somebody else that reaches what it holds by another way. */
export interface Subject {
  readonly storage: Storage;
  /** Makes an empty collection by that other way. Is called at most twice for a subject; once where collections cannot be made. */
  freshCollection(): Promise<Href>;
  /** An address at which there is no collection, where one could be. */
  readonly missingCollection: Href;
  readonly outside: Outside;
  /** Lets so much time pass that the storage trusts what was written until now (SL5, SL6). */
  settle?(): Promise<void>;
  /** What the storage keeps of a text that is written to it, where that differs in more than SI13 leaves out. */
  stored?(text: string): string;
  /** Called once, at the end of each test. */
  close(): Promise<void>;
}

export interface Outside {
  /** Adds an item (`at` undefined), or replaces the one at `at`, and answers where it is now. */
  put(collection: Href, at: Href | undefined, text: string): Promise<Href>;
  remove(collection: Href, at: Href): Promise<void>;
  /** What is held at `at`, as the storage would read it; undefined: nothing. */
  read(collection: Href, at: Href): Promise<string | undefined>;
}

/**
 * - `writing`: it is read-only. Its items and collections come from outside only.
 * - `making-collections`: it has the one collection (or those) that it has.
 * - `checkpoints`: every look answers all.
 * - `properties`: it has none of them.
 * - `true-properties`: what it says to have set is not always there afterwards.
 * - `watching`: `changes` is unsupported.
 * - `garbling`: what cannot be read cannot be put there from outside either.
 */
export type Lack =
  | 'writing'
  | 'making-collections'
  | 'checkpoints'
  | 'properties'
  | 'true-properties'
  | 'watching'
  | 'garbling';

/**
 * The contract of all storages: one suite, run on each of them, alone and within its decorators. Rules that are about
 * what a storage lacks are left out, and where it must refuse, that is asked for instead.
 */
export function conformanceOf(
  name: string,
  make: () => Promise<Subject>,
  { lacks = [] }: { readonly lacks?: readonly Lack[] } = {},
): void {
  const bench = new Bench(make, lacks);

  describe(`${name} keeps the storage contract`, () => {
    beforeEach(bench.open);
    afterEach(bench.close);

    lookRules(bench);
    fetchRules(bench);
    if (bench.has('writing')) {
      versionRules(bench);
      interruptionRules(bench);
      identityRules(bench);
      propertyRules(bench);
    }
    if (bench.has('writing') && bench.has('making-collections')) collectionRules(bench);
    accessRules(bench);
    checkpointRules(bench);
    watchRules(bench);
  });
}
