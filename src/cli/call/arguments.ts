import { Argument, Command as Commander, CommanderError, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../../model/errors.ts';
import { SIDES, type Side } from '../../model/sides.ts';
import type { LogLevel } from '../../sync/events.ts';
import type { ColorChoice } from '../print.ts';
import { type Command, type RestoreCommand, SHELLS, type Shell, type SyncCommand } from './command.ts';

export interface GlobalOptions {
  /** Undefined: the one that the environment says. */
  readonly config: string | undefined;
  readonly level: LogLevel;
  readonly json: boolean;
  readonly color: ColorChoice;
}

export type Invocation =
  | { readonly type: 'run'; readonly command: Command; readonly options: GlobalOptions }
  /** Help that was asked for. */
  | { readonly type: 'help'; readonly text: string };

/** What the arguments ask for. Throws `UsageError`. */
export function readArguments(args: readonly string[]): Invocation {
  let command: Command | undefined;
  let written = '';
  const program = describeProgram((given) => {
    command = given;
  });
  for (const each of [program, ...program.commands]) {
    each.exitOverride().configureOutput({
      writeOut: (text) => {
        written += text;
      },
      writeErr: () => undefined,
    });
  }
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { type: 'help', text: written };
    // It means that there is no command.
    if (error.code !== 'commander.help') throw usageError(error);
  }
  const { config, verbosity, json, color, version } = program.opts<Globals>();
  if (version === true) command = { name: 'version' };
  if (command === undefined) throw new UsageError('no command is given', { hint: HELP_HINT });
  return { type: 'run', command, options: { config, level: verbosity, json: json === true, color } };
}

interface Globals {
  readonly config: string | undefined;
  readonly verbosity: LogLevel;
  readonly json?: boolean;
  readonly color: ColorChoice;
  readonly version?: boolean;
}

interface SyncOptions {
  readonly dryRun?: boolean;
  readonly interactive?: boolean;
  readonly full?: boolean;
  readonly allowEmpty?: boolean;
  readonly allowDelete?: boolean;
  readonly allowRollback?: boolean;
}

interface ResolveOptions {
  readonly dryRun?: boolean;
  readonly keep?: Side;
}

interface RestoreOptions {
  readonly dryRun?: boolean;
  readonly run?: number;
  readonly to?: string;
}

const HELP_HINT = '"pimsync help" shows the commands';

/** The commands with their options and arguments; what reads a call, `run` is told. */
export function describeProgram(run: (command: Command) => void): Commander {
  const program = new Commander('pimsync')
    .description('Keeps calendars and contacts in sync between servers, directories and web feeds.')
    .usage('[OPTION…] COMMAND [OPTION…] [NAME…]')
    .option('-c, --config <file>', 'the configuration, in place of ~/.config/pimsync/pimsync.conf')
    .addOption(
      new Option('-v, --verbosity <level>', 'what to log on standard error')
        .choices(['error', 'warn', 'info', 'debug', 'trace'])
        .default('warn'),
    )
    .option('--json', 'print one JSON object a line')
    .addOption(new Option('--color <when>', 'use colours').choices(['auto', 'always', 'never']).default('auto'))
    .option('--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .configureHelp({ showGlobalOptions: true });

  program
    .command('check')
    .description('try the configuration and every storage')
    .argument('[pair...]', 'only these pairs')
    .action((pairs: string[]) => run({ name: 'check', pairs }));
  program
    .command('discover')
    .description('show the collections of both sides, and what would be done with each')
    .argument('[pair...]', 'only these pairs')
    .action((pairs: string[]) => run({ name: 'discover', pairs }));
  program
    .command('sync')
    .description('bring both sides of all pairs together, once')
    .argument('[name...]', 'only these: PAIR, or PAIR/COLLECTION')
    .option('-n, --dry-run', 'show what would be done, and write nothing')
    .addOption(new Option('-i, --interactive', 'show what would be done, and ask').conflicts('dryRun'))
    .option('--full', "compare everything, whatever the servers' tokens say")
    .option('--allow-empty', 'take over that a collection, or a storage, was emptied')
    .option('--allow-delete', 'delete more than max_delete allows, and what a first run one way finds too much')
    .option('--allow-rollback', 'take over that a storage went back to older content')
    .action((pairs: string[], options: SyncOptions) => run(syncCommand(pairs, options)));
  program
    .command('daemon')
    .description('keep all pairs in sync, until it is told to end')
    .argument('[pair...]', 'only these pairs')
    .option('-r, --ready-fd <number>', 'write READY=1 to this open file descriptor when all is up', wholeNumber)
    .action((pairs: string[], { readyFd }: { readonly readyFd?: number }) =>
      run({ name: 'daemon', pairs, readyDescriptor: readyFd }),
    );
  program
    .command('status')
    .description('tell whether everything is in sync, and what to do where it is not')
    .argument('[pair...]', 'only these pairs')
    .action((pairs: string[]) => run({ name: 'status', pairs }));
  program
    .command('resolve-conflicts')
    .description('go through what was changed differently on both sides, and settle it')
    .argument('[name...]', 'only these: PAIR, or PAIR/COLLECTION')
    .option('-n, --dry-run', 'show what differs, and write nothing')
    .addOption(
      new Option('--keep <side>', 'let this side win everywhere, and do not ask').choices(SIDES).conflicts('dryRun'),
    )
    .action((pairs: string[], { dryRun, keep }: ResolveOptions) =>
      run({ name: 'resolve-conflicts', pairs, dryRun: dryRun === true, keep }),
    );
  program
    .command('history')
    .description('list the versions that were replaced or deleted, the newest first')
    .argument('<name>', 'of this: PAIR, or PAIR/COLLECTION')
    .argument('[uid]', 'only of the item with this UID')
    .action((pair: string, uid: string | undefined) => run({ name: 'history', pair, uid }));
  program
    .command('restore')
    .description('put kept versions back on both sides, as an edit would')
    .argument('<pair>', 'a pair')
    .argument('[version...]', 'from "pimsync history"; a beginning that no other has is enough')
    .option('-n, --dry-run', 'show what would be done, and write nothing')
    .option('--run <number>', 'all that this run replaced or deleted', wholeNumber)
    .addOption(
      new Option('--to <file>', 'write one version to a new file instead; - is standard output').conflicts([
        'run',
        'dryRun',
      ]),
    )
    .action((pair: string, versions: string[], options: RestoreOptions) =>
      run(restoreCommand(pair, versions, options)),
    );
  program
    .command('forget')
    .description('forget what both sides agree on, to start over; the history stays')
    .argument('<name...>', 'these: PAIR, or PAIR/COLLECTION')
    .option('-y, --yes', 'do not ask')
    .action((names: string[], { yes }: { readonly yes?: boolean }) =>
      run({ name: 'forget', names, yes: yes === true }),
    );
  program
    .command('repair')
    .description('give items a UID that have none, remove equal copies, and show what only you can repair')
    .argument('[storage...]', 'only these storages')
    .option('-n, --dry-run', 'show what would be done, and write nothing')
    .action((storages: string[], { dryRun }: { readonly dryRun?: boolean }) =>
      run({ name: 'repair', storages, dryRun: dryRun === true }),
    );
  program
    .command('list')
    .description('print names, one a line')
    .addArgument(new Argument('<what>').choices(['pairs', 'storages', 'collections']))
    .action((what: 'pairs' | 'storages' | 'collections') => run({ name: 'list', what }));
  program
    .command('completion')
    .description('print what makes a shell complete calls of pimsync')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action((shell: Shell) => run({ name: 'completion', shell }));
  program
    .command('version')
    .description('print the version')
    .action(() => run({ name: 'version' }));
  program.helpCommand('help [command]', 'show help, of a command');
  return program;
}

const syncCommand = (pairs: readonly string[], options: SyncOptions): SyncCommand => ({
  name: 'sync',
  pairs,
  dryRun: options.dryRun === true,
  interactive: options.interactive === true,
  full: options.full === true,
  allow: {
    empty: options.allowEmpty === true,
    delete: options.allowDelete === true,
    rollback: options.allowRollback === true,
  },
});

function restoreCommand(pair: string, versions: readonly string[], options: RestoreOptions): RestoreCommand {
  const { run, to } = options;
  const isMistaken = (mistake: string): UsageError =>
    new UsageError(mistake, { hint: '"pimsync history PAIR" lists the versions that are kept' });
  if (run === undefined && versions.length === 0) throw isMistaken('no version is named');
  if (run !== undefined && versions.length > 0)
    throw isMistaken('--run stands for versions, and there are some besides');
  if (to !== undefined && versions.length !== 1) throw isMistaken('--to takes one version');
  return { name: 'restore', pair, versions, run, to, dryRun: options.dryRun === true };
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(number)) throw new InvalidArgumentError('It is not a number.');
  return number;
}

/** The package's `error: unknown command 'sycn'`, with `(Did you mean sync?)` on a line of its own where it can tell. */
function usageError(error: CommanderError): UsageError {
  const [first = '', ...rest] = error.message.split('\n');
  const suggestion = rest.join(' ').replace(/^\((.*)\)$/, '$1');
  return new UsageError(first.replace(/^error: /, ''), { hint: suggestion === '' ? HELP_HINT : suggestion });
}
