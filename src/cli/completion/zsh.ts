import { unreachable } from '../../model/errors.ts';
import type { ArgumentShape, CallShape, CommandShape, OptionShape, ValueShape } from '../call/call-shape.ts';

/** To be called `_pimsync` in a directory of `fpath`, or to be sourced after `compinit`. */
export function zshCompletion({ options, commands }: CallShape): string {
  return `#compdef pimsync
# Completion of pimsync in zsh, as "pimsync completion zsh" prints it.

_pimsync() {
  local curcontext=$curcontext config state line
  local -a anywhere commands
  typeset -A opt_args
  anywhere=(
${options.flatMap(optionSpecs).map(asLine).join('')}  )
  commands=(
${commands.map(({ name, description }) => asLine(`${name}:${escaped(description)}`)).join('')}  )

  _arguments -C -A '-*' $anywhere '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe -t commands command commands ;;
    argument)
      # What stands before the command is not seen any more behind it.
      config=\${opt_args[-c]:-\${opt_args[--config]}}
      case $words[1] in
${commands.map(commandCase).join('')}      esac
      ;;
  esac
}

# Offers the names that the configuration has.
_pimsync_listed() {
  local file=\${(Q)\${opt_args[-c]:-\${opt_args[--config]:-$config}}} what expl
  local -a names
  for what; do
    names+=(\${(f)"$(pimsync \${file:+-c} \${file:+\${file/#\\~\\//$HOME/}} list $what 2>/dev/null </dev/null)"})
  done
  _wanted names expl name compadd -a names
}

if [[ $funcstack[1] == _pimsync ]]; then _pimsync "$@"; else compdef _pimsync pimsync; fi
`;
}

const asLine = (word: string): string => `    ${inQuotes(word)}\n`;

/** One for each name of it; where one stands, the others are not offered any more. */
const optionSpecs = ({ names, description, value }: OptionShape): readonly string[] =>
  names.map((name) => {
    const others = names.length > 1 ? `(${names.join(' ')})` : '';
    const joint = value === undefined ? '' : name.startsWith('--') ? '=' : '+';
    const action = value === undefined ? '' : `:value:${actionOf(value)}`;
    return `${others}${name}${joint}[${escaped(description)}]${action}`;
  });

const argumentSpec = ({ value, isLast }: ArgumentShape, index: number): string =>
  `${isLast ? '*' : index + 1}:argument:${actionOf(value)}`;

function commandCase({ name, options, arguments: places }: CommandShape): string {
  const specs = [...options.flatMap(optionSpecs), ...places.map(argumentSpec)];
  return `        ${name}) _arguments $anywhere${specs.map((spec) => ` \\\n          ${inQuotes(spec)}`).join('')} ;;\n`;
}

/** A space before a function: it takes its words as they are. */
function actionOf(value: ValueShape): string {
  switch (value.type) {
    case 'choice':
      return `(${value.choices.join(' ')})`;
    case 'file':
      return '_files';
    case 'listed':
      return ` _pimsync_listed ${value.lists.join(' ')}`;
    case 'free':
      return ' ';
    default:
      return unreachable(value);
  }
}

/** Inside brackets, and between colons, of a specification. */
const escaped = (text: string): string => text.replaceAll(/[\\[\]:]/g, '\\$&');

const inQuotes = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
