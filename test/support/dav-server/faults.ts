import type { Answer } from './answer.ts';

/** What happens to a request besides, or instead of, what the server would do. */
export type Effect =
  /** The connection ends before the request is read; nothing is done. */
  | 'cut-before'
  /** The connection ends when the first bytes of the body have come; nothing is done. */
  | 'cut-in-request'
  /** The request is done, and the connection ends without an answer. */
  | 'apply-then-cut'
  /** The request is done, and the connection ends in the middle of the answer's body, or of its head if it has none. */
  | 'cut-in-answer'
  /** Nothing is done, and no answer comes while the server runs. */
  | 'hang'
  | 'apply-then-hang'
  /** 200 with a page for people; nothing is done. */
  | 'html'
  /** 200 without a body; nothing is done. */
  | 'empty'
  /** 207, well-formed, without a row; nothing is done. */
  | 'empty-multistatus'
  /** The request is done; the body ends in the middle, and Content-Length says that this is all. */
  | 'truncate'
  /** A write is answered as if it had been done. */
  | 'drop-write'
  /** A listing names the collection itself and nothing in it. */
  | 'hide-members'
  /** This status; nothing is done unless `apply`. */
  | {
      readonly type: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly apply?: true;
    }
  | { readonly type: 'redirect'; readonly status: 301 | 302 | 303 | 307 | 308; readonly location: string }
  /** A listing or multiget answers this member (by its encoded name) with a status of its own, or without its etag. */
  | { readonly type: 'entry'; readonly name: string; readonly status: number }
  | { readonly type: 'entry-without-etag'; readonly name: string }
  /** A listing names this, too, with an etag. */
  | { readonly type: 'foreign-entry'; readonly href: string }
  /** The request is done, and the answer starts later. */
  | { readonly type: 'delay'; readonly delayMs: number }
  /** The answer's body comes a byte at a time. */
  | { readonly type: 'slow'; readonly byteEveryMs: number }
  /** Runs before the request is done, or after it and before the answer. */
  | { readonly type: 'before'; readonly run: () => void }
  | { readonly type: 'after'; readonly run: () => void }
  | { readonly type: 'alter'; readonly alter: (answer: Answer) => Answer };

export interface FaultRule {
  /** Any, if not given. */
  readonly method?: string;
  /** The canonical path, or what it matches. */
  readonly path?: string | RegExp;
  /** The local name of the body's root element: `sync-collection`. Not for `cut-in-request`, which happens before. */
  readonly body?: string;
  /** The first request that it happens to, from 1, counted among those that match since the rule was given. */
  readonly nth?: number;
  /** To how many from there on; one if `nth` is given, else to all. */
  readonly times?: number;
  readonly effect: Effect;
}

interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** The local name of the body's root element, where that is known. */
  readonly root: string | undefined;
}

/** The rules in force. All that match a request apply, in the order in which they were given. */
export class Faults {
  readonly #rules = new Map<symbol, { readonly rule: FaultRule; seen: number }>();

  /** Returns what takes the rule away again. */
  add(rule: FaultRule): () => void {
    const key = Symbol();
    this.#rules.set(key, { rule, seen: 0 });
    return () => {
      this.#rules.delete(key);
    };
  }

  clear(): void {
    this.#rules.clear();
  }

  /** `head`: before the body is read, which matters to `cut-in-request` only; `whole`: all others. */
  effectsOn(request: SeenRequest, moment: 'head' | 'whole'): readonly Effect[] {
    const effects: Effect[] = [];
    for (const counted of this.#rules.values()) {
      const { rule } = counted;
      if ((rule.effect === 'cut-in-request') !== (moment === 'head') || !matches(rule, request)) continue;
      counted.seen += 1;
      const first = rule.nth ?? 1;
      const times = rule.times ?? (rule.nth === undefined ? Number.POSITIVE_INFINITY : 1);
      if (counted.seen >= first && counted.seen < first + times) effects.push(rule.effect);
    }
    return effects;
  }
}

function matches(rule: FaultRule, { method, path, root }: SeenRequest): boolean {
  if (rule.method !== undefined && rule.method !== method) return false;
  if (rule.body !== undefined && rule.body !== root) return false;
  if (rule.path === undefined) return true;
  return typeof rule.path === 'string' ? rule.path === path : rule.path.test(path);
}
