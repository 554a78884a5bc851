import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { must } from '../../src/model/errors.ts';
import type { Machine } from '../e2e/program.ts';

/** A run that looked at both sides and came to its end. Times are those at which its lines were read, a little later. */
export interface WholeRun {
  readonly reason: string;
  readonly beganAt: number;
  readonly wrote: boolean;
  readonly requests: number;
}

export interface LivingDaemon {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly runs: readonly WholeRun[];
  /** Lines of its log that tell of a trouble, or of its end, without their times. */
  readonly complaints: readonly string[];
  /** Its exit status; undefined: a signal ended it. */
  readonly ended: Promise<number | undefined>;
  hasEnded(): boolean;
}

/** `pimsync daemon`, and what its log says of the pair `work`, line by line. All of the log goes to `logPath`. */
export function startLivingDaemon(
  machine: Machine,
  logPath: string,
  /** Called before the run is added. False: something disturbed it. */
  isUndisturbed: (run: WholeRun) => boolean,
): LivingDaemon {
  const { PATH = '' } = process.env;
  const args = [machine.main, '-c', machine.path('pimsync.conf'), '-v', 'debug', 'daemon'];
  const child = spawn(process.execPath, args, {
    cwd: machine.folder,
    env: { PATH, HOME: machine.path('home') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const file = createWriteStream(logPath);
  const runs: WholeRun[] = [];
  const complaints: string[] = [];
  let begun: { readonly reason: string; readonly beganAt: number } | undefined;
  const read = (line: string): void => {
    const reason = BEGIN.exec(line)?.[1];
    const end = END.exec(line);
    if (reason !== undefined) begun = { reason, beganAt: Date.now() };
    else if (end !== null && begun !== undefined) {
      const requests = Number(end[2]) + Number(end[3]);
      const run = { ...begun, wrote: end[1] !== 'nothing written', requests };
      begun = undefined;
      if (isUndisturbed(run)) runs.push(run);
    } else if (LEFT.test(line)) begun = undefined;
    else if (!CALM.test(line)) complaints.push(line);
  };
  readLines(must(child.stderr, 'its log is a pipe'), file, read);
  let hasEnded = false;
  const ended = new Promise<number | undefined>((resolve) => {
    child.once('close', (status) => {
      hasEnded = true;
      file.end();
      resolve(status ?? undefined);
    });
  });
  return { child, pid: must(child.pid, 'it was started'), runs, complaints, ended, hasEnded: () => hasEnded };
}

const BEGIN = /^debug: work: runs \((\w+)\)$/;
const END = /^(?:debug|info): work: (.*) \(\d+ ms, requests: (\d+) and (\d+)\)$/;
const LEFT = /^info: work\/home: left .* for the next run/;
const CALM = /^(?:debug|info): /;

function readLines(log: NodeJS.ReadableStream, file: WriteStream, read: (line: string) => void): void {
  let rest = '';
  log.setEncoding('utf8').on('data', (text: string) => {
    file.write(text);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) read(line.replace(/^[-0-9]{10} [:0-9]{8} /, ''));
  });
}
