import { hrtime, pid } from 'node:process';
import { type CommandResult, runCommand } from './command.ts';

/** Who supervises this process by systemd's protocol (sd_notify(3)). */
export interface ServiceManager {
  /** Half of the time after which a silent process is ended; undefined: nobody waits for a sign of life. */
  readonly signOfLifeMs: number | undefined;
  /** Tells it, after what was told before. Answers why that could not be done, if so. */
  tell(...assignments: readonly Assignment[]): Promise<string | undefined>;
}

export type Assignment = 'READY=1' | 'RELOADING=1' | 'STOPPING=1' | 'WATCHDOG=1' | `STATUS=${string}`;

const LIMIT_MS = 5000;

/** Undefined where there is none. */
export function findServiceManager(env: Readonly<Record<string, string | undefined>>): ServiceManager | undefined {
  const { NOTIFY_SOCKET: socket = '' } = env;
  if (socket === '') return undefined;
  let before: Promise<unknown> = Promise.resolve();
  return {
    signOfLifeMs: signOfLifeOf(env),
    tell(...assignments) {
      const told = before.then(() => notify(env, assignments));
      before = told;
      return told;
    },
  };
}

/** Node has no datagram sockets of the Unix kind, so systemd's own program says it; the unit has NotifyAccess=all. */
async function notify(
  env: Readonly<Record<string, string | undefined>>,
  assignments: readonly Assignment[],
): Promise<string | undefined> {
  // When a reload began, so that the manager can tell its end from that of an earlier one.
  const timed = assignments.includes('RELOADING=1') ? [`MONOTONIC_USEC=${hrtime.bigint() / 1000n}`] : [];
  const result = await runCommand({
    program: 'systemd-notify',
    args: [...assignments.map(onOneLine), ...timed],
    env,
    input: 'none',
    limitMs: LIMIT_MS,
  });
  return result.type === 'done' ? undefined : `systemd-notify ${whatHappened(result)}`;
}

const onOneLine = (assignment: Assignment): string => assignment.replaceAll(/\p{Cc}+/gu, ' ');

function whatHappened(result: Exclude<CommandResult, { type: 'done' }>): string {
  if (result.type === 'not-started') return result.code === 'ENOENT' ? 'was not found' : `failed (${result.code})`;
  return `failed: ${result.errors.trim()}`;
}

/** Half of the limit, as sd_watchdog_enabled(3) advises. */
function signOfLifeOf(env: Readonly<Record<string, string | undefined>>): number | undefined {
  const { WATCHDOG_USEC: limit = '', WATCHDOG_PID: watched } = env;
  if (!/^[1-9][0-9]{0,15}$/.test(limit) || (watched !== undefined && watched !== String(pid))) return undefined;
  return Number(limit) / 2000;
}
