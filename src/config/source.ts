import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError, type ExpectedError, unreachable } from '../model/errors.ts';
import { type CommandResult, runCommand } from '../system/command.ts';
import type { Terminal } from '../system/terminal-prompt.ts';
import { ConfigError } from './config-error.ts';
import type { Elsewhere, Source } from './value.ts';

/** What values may come from. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What of it the programs see that we start. */
  readonly commandEnv: Readonly<Record<string, string | undefined>>;
  /** Undefined where nobody can be asked. */
  readonly terminal: Terminal | undefined;
  readonly signal?: AbortSignal;
}

/** What a source gives, as it is. Fails with `CommandError` or `ConfigError`. */
export function bytesFrom(value: Elsewhere, surroundings: Surroundings): Promise<Uint8Array> {
  const { source } = value;
  switch (source.from) {
    case 'cmd':
      return runSource(value, { ...source, limitMs: source.limitS * 1000 }, surroundings);
    case 'shell':
      return runSource(
        value,
        { program: 'sh', args: ['-c', source.text], limitMs: source.limitS * 1000 },
        surroundings,
      );
    case 'env':
      return readVariable(value, source.name, surroundings);
    case 'file':
      return readSourceFile(value, source, surroundings);
    case 'prompt':
      return askPerson(value, source.text, surroundings);
    default:
      return unreachable(source);
  }
}

async function runSource(
  value: Elsewhere,
  command: { readonly program: string; readonly args: readonly string[]; readonly limitMs: number },
  { commandEnv, terminal, signal }: Surroundings,
): Promise<Uint8Array> {
  const result = await runCommand({
    ...command,
    env: commandEnv,
    input: terminal === undefined ? 'none' : 'terminal',
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.type === 'done') return result.output;
  throw failure(value, `${nameOf(value.source)} ${howItEnded(result, command.limitMs / 1000)}`);
}

/** Continues "the program …". */
export function howItEnded(result: Exclude<CommandResult, { type: 'done' }>, limitS: number): string {
  switch (result.type) {
    case 'not-started':
      return result.code === 'ENOENT' ? 'was not found' : `could not be started (${result.code})`;
    case 'failed':
      return `ended with status ${result.status}${quoted(result.errors)}`;
    case 'killed':
      return `was ended by ${result.signal}${quoted(result.errors)}`;
    case 'too-slow':
      return `took longer than ${limitS} s and was ended${quoted(result.errors)}`;
    case 'too-much':
      return `wrote far more than one line and was ended${quoted(result.errors)}`;
    case 'aborted':
      return 'was ended, as pimsync was';
    default:
      return unreachable(result);
  }
}

/** The end of what a program wrote on its standard error, on one line. */
function quoted(errors: string): string {
  const line = errors
    .trim()
    .replaceAll(/\s*[\r\n]+\s*/g, ' / ')
    .replaceAll(/\p{Cc}/gu, '\ufffd');
  return line === '' ? '' : `: ${line.length > QUOTED_LENGTH ? `… ${line.slice(-QUOTED_LENGTH)}` : line}`;
}

const QUOTED_LENGTH = 1000;

async function readVariable(value: Elsewhere, name: string, { env }: Surroundings): Promise<Uint8Array> {
  const text = env[name];
  if (text === undefined) throw failure(value, `${nameOf(value.source)} is not set`);
  return Buffer.from(text);
}

/** Far more than any value is long; a device or a wrong file is not read to its end. */
const FILE_LIMIT = 64 * 1024;
const CREDENTIALS = 'CREDENTIALS_DIRECTORY';

async function readSourceFile(
  value: Elsewhere,
  source: Extract<Source, { from: 'file' }>,
  { env }: Surroundings,
): Promise<Uint8Array> {
  const directory = source.inCredentials ? env[CREDENTIALS] : '/';
  if (directory === undefined) {
    throw failure(
      value,
      `"%d" stands for $${CREDENTIALS}, which is not set`,
      'systemd sets it for a service with LoadCredential=',
    );
  }
  try {
    const bytes = await readBeginning(join(directory, source.path), FILE_LIMIT + 1);
    if (bytes.length > FILE_LIMIT) throw failure(value, `${nameOf(source)} holds far more than one line`);
    return bytes;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw failure(value, `${nameOf(source)} cannot be read: ${String(error.code)}`);
  }
}

async function readBeginning(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length) });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function askPerson(value: Elsewhere, question: string, { terminal }: Surroundings): Promise<Uint8Array> {
  if (terminal === undefined) {
    throw failure(value, 'there is no terminal to ask at', 'without one, take it from "cmd", "env" or "file"');
  }
  const answer = await terminal.ask(question, value.secret ? 'hidden' : 'shown');
  if (answer === undefined) throw failure(value, 'the question was not answered');
  return Buffer.from(answer);
}

/** A source as messages may name it: of a command the program, of its arguments nothing. */
export function nameOf(source: Source): string {
  switch (source.from) {
    case 'cmd':
      return `the program "${source.program}"`;
    case 'shell':
      return 'the "shell" text';
    case 'env':
      return `the environment variable ${source.name}`;
    case 'file':
      return `the file ${source.inCredentials ? '%d/' : ''}${source.path}`;
    case 'prompt':
      return 'the answer';
    default:
      return unreachable(source);
  }
}

export function failure(value: Elsewhere, what: string, hint?: string): ExpectedError {
  const isCommand = value.source.from === 'cmd' || value.source.from === 'shell';
  const kind = isCommand ? CommandError : ConfigError;
  return new kind(`could not get ${value.what}: ${what}`, hint === undefined ? {} : { hint });
}
