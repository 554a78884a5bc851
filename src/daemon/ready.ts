import { type Clock, sleepUnlessAborted } from '../system/clock.ts';
import { announceReady } from '../system/ready-descriptor.ts';
import { type Assignment, findServiceManager } from '../system/service-manager.ts';

/** Tells who started this process how it is. What cannot be told is a warning, once, and hinders nothing. */
export interface Readiness {
  /** All is up; or, after `reloading`, again. */
  ready(): void;
  reloading(): void;
  stopping(): Promise<void>;
  /** For a person, in a few words. */
  status(text: string): void;
  /** Shows no sign of life any more. */
  close(): void;
}

export interface ReadinessTerms {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One that `isHandedOver`. */
  readonly descriptor: number | undefined;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

export function tellReadiness({ env, descriptor, clock, warn }: ReadinessTerms): Readiness {
  const manager = findServiceManager(env);
  const told = new Set<string>();
  let toAnnounce = descriptor;
  let status = '';
  const warnOnce = (problem: string | undefined): void => {
    if (problem === undefined || told.has(problem)) return;
    told.add(problem);
    warn(`could not tell the service manager: ${problem}`);
  };
  const tell = async (...assignments: readonly Assignment[]): Promise<void> => {
    warnOnce(await manager?.tell(...assignments));
  };
  const closed = new AbortController();
  const showLife = async (everyMs: number): Promise<void> => {
    while (!closed.signal.aborted) {
      await tell('WATCHDOG=1');
      await sleepUnlessAborted(clock, everyMs, closed.signal);
    }
  };
  if (manager?.signOfLifeMs !== undefined) void showLife(manager.signOfLifeMs);
  return {
    ready() {
      if (toAnnounce !== undefined) warnOnce(announceReady(toAnnounce));
      toAnnounce = undefined;
      void tell('READY=1');
    },
    reloading: () => void tell('RELOADING=1'),
    stopping: () => tell('STOPPING=1'),
    status(text) {
      if (text === status) return;
      status = text;
      void tell(`STATUS=${text}`);
    },
    close: () => closed.abort(),
  };
}
