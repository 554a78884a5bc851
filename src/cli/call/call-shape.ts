import type { Argument, Command as Commander, Option } from 'commander';
import { describeProgram } from './arguments.ts';

/** What a call can be made of: the same description that arguments are read by, and help is shown from. */
export interface CallShape {
  /** Those that may stand before a command, or after it. */
  readonly options: readonly OptionShape[];
  readonly commands: readonly CommandShape[];
}

export interface CommandShape {
  readonly name: string;
  readonly description: string;
  /** Its own. */
  readonly options: readonly OptionShape[];
  readonly arguments: readonly ArgumentShape[];
}

export interface OptionShape {
  /** With their dashes: `-n`, `--dry-run`. */
  readonly names: readonly string[];
  readonly description: string;
  /** Undefined: it takes none. */
  readonly value: ValueShape | undefined;
}

export interface ArgumentShape {
  readonly value: ValueShape;
  /** It takes all that follows. */
  readonly isLast: boolean;
}

/** What may be written somewhere, as far as a shell can offer it. */
export type ValueShape =
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  | { readonly type: 'file' }
  /** What "pimsync list" prints. */
  | { readonly type: 'listed'; readonly lists: readonly List[] }
  /** Only the user knows. */
  | { readonly type: 'free' };

export type List = 'pairs' | 'storages' | 'collections';

export function callShape(): CallShape {
  const program = describeProgram(() => undefined);
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const names = commands.map((command) => command.name());
  return {
    options: help.visibleOptions(program).map(optionShape),
    commands: commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      options: ownOptions(command).map(optionShape),
      arguments: command.registeredArguments.map((argument) => argumentShape(argument, names)),
    })),
  };
}

/** Without the help, which every command has, and which is told as one of all. */
const ownOptions = (command: Commander): readonly Option[] => command.options.filter(({ hidden }) => !hidden);

const optionShape = ({ short, long, description, required, argChoices, flags }: Option): OptionShape => ({
  names: [short, long].filter((name) => name !== undefined),
  description,
  value: required ? valueShape(/<(.+)>/.exec(flags)?.[1] ?? '', argChoices) : undefined,
});

function argumentShape(argument: Argument, commands: readonly string[]): ArgumentShape {
  const choices = argument.name() === 'command' ? commands : argument.argChoices;
  return { value: valueShape(argument.name(), choices), isLast: argument.variadic };
}

/** The word in angle brackets says what is meant. */
function valueShape(word: string, choices: readonly string[] | undefined): ValueShape {
  if (choices !== undefined) return { type: 'choice', choices };
  switch (word) {
    case 'file':
      return { type: 'file' };
    case 'pair':
      return { type: 'listed', lists: ['pairs'] };
    case 'name':
      return { type: 'listed', lists: ['pairs', 'collections'] };
    case 'storage':
      return { type: 'listed', lists: ['storages'] };
    default:
      return { type: 'free' };
  }
}
