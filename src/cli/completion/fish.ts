import { unreachable } from '../../model/errors.ts';
import type { ArgumentShape, CallShape, CommandShape, OptionShape, ValueShape } from '../call/call-shape.ts';

export function fishCompletion({ options, commands }: CallShape): string {
  const all = [...options, ...commands.flatMap((command) => command.options)];
  const withValue = new Set(all.flatMap(({ names, value }) => (value === undefined ? [] : names)));
  return `# Completion of pimsync in fish, as "pimsync completion fish" prints it.

function __pimsync_call --description 'The command before the cursor, the number of its arguments, and the configuration'
    set -l tokens (commandline -opc)
    set -e tokens[1]
    set -l command ''
    set -l place 0
    set -l config ''
    set -l wants ''
    for token in $tokens
        switch $wants
            case ''
                switch $token
                    case ${[...withValue].join(' ')}
                        set wants $token
                    case '--config=*'
                        set config (string replace -- --config= '' $token)
                    case '-*'
                    case '*'
                        if test -z "$command"
                            set command $token
                        else
                            set place (math $place + 1)
                        end
                end
                continue
            case -c --config
                set config $token
        end
        set wants ''
    end
    printf '%s\\n' $command $place $config
end

function __pimsync_is --description 'COMMAND [PLACE]: whether the cursor stands behind it, at that argument'
    set -l call (__pimsync_call)
    test "$call[1]" = "$argv[1]"; or return 1
    not set -q argv[2]; or test "$call[2]" = "$argv[2]"
end

function __pimsync_listed --description 'The names that the configuration has'
    set -l call (__pimsync_call)
    set -l config
    test -z "$call[3]"; or set config -c (string replace -r '^~/' "$HOME/" -- $call[3])
    for what in $argv
        pimsync $config list $what 2>/dev/null </dev/null
    end
end

complete -c pimsync -f
${options.map((option) => optionLine('', option)).join('')}
${commands.map(({ name, description }) => line(`__pimsync_is ''`, `-a ${name} -d ${inQuotes(description)}`)).join('')}
${commands.map(commandLines).join('')}`;
}

const commandLines = ({ name, options, arguments: places }: CommandShape): string =>
  [
    ...options.map((option) => optionLine(`__pimsync_is ${name}`, option)),
    ...places.map((place, index) => argumentLine(name, place, index)),
  ].join('');

function optionLine(condition: string, { names, description, value }: OptionShape): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const takes = value === undefined ? [] : value.type === 'file' ? ['-r -F'] : [`-x${candidates(value)}`];
  return line(condition, [...flags, ...takes, `-d ${inQuotes(description)}`].join(' '));
}

function argumentLine(command: string, { value, isLast }: ArgumentShape, index: number): string {
  if (value.type === 'free') return '';
  const condition = isLast ? `__pimsync_is ${command}` : `__pimsync_is ${command} ${index}`;
  return line(condition, value.type === 'file' ? '-F' : candidates(value).trimStart());
}

function candidates(value: ValueShape): string {
  switch (value.type) {
    case 'choice':
      return ` -a ${inQuotes(value.choices.join(' '))}`;
    case 'listed':
      return ` -a '(__pimsync_listed ${value.lists.join(' ')})'`;
    case 'file':
    case 'free':
      return '';
    default:
      return unreachable(value);
  }
}

const line = (condition: string, rest: string): string =>
  `complete -c pimsync${condition === '' ? '' : ` -n ${inQuotes(condition)}`} ${rest}\n`;

const inQuotes = (text: string): string => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
