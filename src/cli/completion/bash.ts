import { unreachable } from '../../model/errors.ts';
import type { ArgumentShape, CallShape, CommandShape, OptionShape, ValueShape } from '../call/call-shape.ts';

/** Works with bash 3.2, which macOS has, and without the package bash-completion. */
export function bashCompletion({ options, commands }: CallShape): string {
  const all = [...options, ...commands.flatMap((command) => command.options)];
  const names = commands.map(({ name }) => name);
  return `# Completion of pimsync in bash, as "pimsync completion bash" prints it.

_pimsync() {
    local cur=\${COMP_WORDS[COMP_CWORD]} command='' wants='' config='' place=0 word i
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=\${COMP_WORDS[i]}
        # An option with its value behind an equals sign comes as three words.
        if [[ $word == '=' ]]; then continue; fi
        if [[ -n $wants ]]; then
            case $wants in -c | --config) config=$word ;; esac
            wants=''
            continue
        fi
        case $word in
            ${namesWithValue(all).join(' | ')}) wants=$word ;;
            -*) ;;
            *) if [[ -z $command ]]; then command=$word; else place=$((place + 1)); fi ;;
        esac
    done
    if [[ $cur == '=' ]]; then cur=''; fi
    COMPREPLY=()

    case $command:$wants in
${optionCases('*', options)}${commands.map(({ name, options: own }) => optionCases(name, own)).join('')}    esac
    if [[ -n $wants ]]; then return; fi

    if [[ $cur == -* ]]; then
        _pimsync_offer ${quoted(namesOf(options))}
        case $command in
${commands.map(offerOptions).join('')}        esac
        return
    fi

    case $command:$place in
        :*) _pimsync_offer ${quoted(names)} ;;
${commands.map(offerArguments).join('')}    esac
}

# Offers those of its arguments that begin as the word at the cursor does.
_pimsync_offer() {
    local candidate escaped
    for candidate; do
        # Between quotes nothing is escaped.
        if [[ $cur == '"'* || $cur == "'"* ]]; then
            if [[ $candidate == "\${cur:1}"* ]]; then COMPREPLY+=("$candidate"); fi
            continue
        fi
        printf -v escaped '%q' "$candidate"
        if [[ $candidate == "$cur"* || $escaped == "$cur"* ]]; then COMPREPLY+=("$escaped"); fi
    done
}

# Offers the names that the configuration has.
_pimsync_listed() {
    local what name
    for what; do
        while IFS= read -r name; do
            _pimsync_offer "$name"
        done < <(pimsync \${config:+-c "\${config/#\\~\\//$HOME/}"} list "$what" 2>/dev/null </dev/null)
    done
}

_pimsync_files() {
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <(compgen -f -- "$cur")
}

complete -F _pimsync pimsync
`;
}

const namesOf = (options: readonly OptionShape[]): readonly string[] => options.flatMap(({ names }) => names);

const namesWithValue = (options: readonly OptionShape[]): readonly string[] => [
  ...new Set(namesOf(options.filter(({ value }) => value !== undefined))),
];

const optionCases = (command: string, options: readonly OptionShape[]): string =>
  options
    .flatMap(({ names, value }) => (value === undefined || value.type === 'free' ? [] : [{ names, value }]))
    .map(
      ({ names, value }) =>
        `        ${names.map((name) => `${command}:${name}`).join(' | ')}) ${offer(value)}; return ;;\n`,
    )
    .join('');

const offerOptions = ({ name, options }: CommandShape): string =>
  options.length === 0 ? '' : `            ${name}) _pimsync_offer ${quoted(namesOf(options))} ;;\n`;

const offerArguments = ({ name, arguments: places }: CommandShape): string =>
  places
    .map(({ value, isLast }: ArgumentShape, place) =>
      value.type === 'free' ? '' : `        ${name}:${isLast ? '*' : place}) ${offer(value)} ;;\n`,
    )
    .join('');

function offer(value: ValueShape): string {
  switch (value.type) {
    case 'choice':
      return `_pimsync_offer ${quoted(value.choices)}`;
    case 'file':
      return '_pimsync_files';
    case 'listed':
      return `_pimsync_listed ${value.lists.join(' ')}`;
    case 'free':
      return ':';
    default:
      return unreachable(value);
  }
}

/** Words of ours need no quotes; one that did would be quoted. */
const quoted = (words: readonly string[]): string =>
  words.map((word) => (/^[a-z0-9-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
