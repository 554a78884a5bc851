import type { WholeRun } from './living-daemon.ts';

/** A run looks at all that was edited before it began; its first line is read a little later than that. */
const MARGIN_MS = 2000;

/** What stands in the way of the daemon at the moment, and what its runs have proven nevertheless. */
export class Weather {
  isServerUp = true;
  #isBad = false;
  #betterAt = Date.now();
  /** Of the last whole run that nothing disturbed. */
  #provenAt = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #tellWorse: () => void = () => undefined;

  onWorse(tell: () => void): void {
    this.#tellWorse = tell;
  }

  /** Nothing stands in the way, and a run has noticed that. */
  get isFair(): boolean {
    return !this.#isBad && this.#provenAt > this.#betterAt;
  }

  worsen(): void {
    this.#isBad = true;
    this.#tellWorse();
  }

  improve(): void {
    this.#isBad = false;
    this.#betterAt = Date.now();
  }

  /** Takes a run into account if nothing stood in its way; an answer may be lost otherwise that its plan was about. */
  isUndisturbed = ({ beganAt }: WholeRun): boolean => {
    if (this.#isBad || beganAt <= this.#betterAt) return false;
    this.#provenAt = beganAt;
    return true;
  };

  /** What was edited by then has come to the other side, if anything has. */
  wasSyncedSince(at: number): boolean {
    return this.isFair && this.#provenAt > at + MARGIN_MS;
  }

  /** One after the other. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}
