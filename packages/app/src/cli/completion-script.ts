import type { Operation } from '../operations/operation.js'
import { argumentsOf, optionsOf } from './operation-options.js'

export const shells = ['bash', 'zsh', 'fish'] as const
/** What is looked up while typing. */
export const valueKinds = ['connections', 'integrations', 'functions'] as const
type ValueKind = (typeof valueKinds)[number]

const ofOption: Readonly<Record<string, ValueKind>> = {
  '--connection': 'connections',
  '--integration': 'integrations',
}
const ofArgument: Readonly<Record<string, ValueKind>> = {
  function: 'functions',
  integration: 'integrations',
  'connection-id': 'connections',
}

/** A shell's completion of `plumb`, from what its operations declare. */
export function completionScript(
  shell: (typeof shells)[number],
  operations: readonly Operation[],
): string {
  return shell === 'fish' ? fishScript(operations) : posixScript(shell, operations)
}

function lookUp(kind: ValueKind): string {
  return `$(plumb completion --values ${kind} 2>/dev/null)`
}

/** Words that may follow the words typed so far, for each beginning of a command. */
function continuations(operations: readonly Operation[]): [string, string][] {
  const groups = new Map<string, Set<string>>()
  for (const { name } of operations) {
    const words = name.split(' ')
    words.forEach((word, index) => {
      const before = words.slice(0, index).join(' ')
      groups.set(before, (groups.get(before) ?? new Set()).add(word))
    })
  }
  const leaves = operations.map((operation): [string, string] => {
    const values = argumentsOf(operation).flatMap(({ name }) => ofArgument[name] ?? [])
    const flags = [...optionsOf(operation).map(({ flag }) => flag), '--help']
    return [operation.name, [...flags, ...values.map(lookUp)].join(' ')]
  })
  return [
    ...leaves,
    ...[...groups].map(([name, words]): [string, string] => [name, [...words].join(' ')]),
  ]
}

function posixScript(shell: 'bash' | 'zsh', operations: readonly Operation[]): string {
  const longestFirst = continuations(operations).sort(([a], [b]) => b.length - a.length)
  const cases = longestFirst.map(
    ([name, offered]) => `    ${name === '' ? '*' : `" ${name} "*`}) offered="${offered}" ;;`,
  )
  const options = Object.entries(ofOption).map(
    ([flag, kind]) =>
      `    ${flag}) COMPREPLY=($(compgen -W "${lookUp(kind)}" -- "$current")); return ;;`,
  )
  return `${shell === 'zsh' ? '#compdef plumb\nautoload -U +X bashcompinit && bashcompinit\n' : ''}_plumb() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local words="" offered="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "\${COMP_WORDS[index]}" in -*) ;; *) words="$words \${COMP_WORDS[index]}" ;; esac
  done
  case "$previous" in
${options.join('\n')}
  esac
  case "$words " in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$offered" -- "$current"))
}
complete -o default -F _plumb plumb
`
}

function fishScript(operations: readonly Operation[]): string {
  const lines = operations.flatMap((operation) => {
    const words = operation.name.split(' ')
    const here = `__plumb_at ${operation.name}`
    const last = words.at(-1) ?? ''
    const before = words.slice(0, -1).join(' ')
    const values = argumentsOf(operation).flatMap(({ name }) => ofArgument[name] ?? [])
    return [
      `complete -c plumb -f -n '__plumb_only ${before}' -a ${last} -d ${quoted(operation.summary)}`,
      ...optionsOf(operation).map(({ flag, takesValue, description }) => {
        const kind = ofOption[flag]
        const value =
          kind === undefined
            ? takesValue
              ? ' -r'
              : ''
            : ` -x -a '(plumb completion --values ${kind} 2>/dev/null)'`
        return `complete -c plumb -n '${here}' -l ${flag.slice(2)}${value} -d ${quoted(description)}`
      }),
      ...values.map(
        (kind) =>
          `complete -c plumb -n '${here}' -a '(plumb completion --values ${kind} 2>/dev/null)'`,
      ),
    ]
  })
  const groups = [
    ...new Set(
      operations.flatMap(({ name }) => (name.includes(' ') ? [name.split(' ')[0] ?? ''] : [])),
    ),
  ]
  return `function __plumb_words
  string match -v -- '-*' (commandline -opc)[2..-1]
end
function __plumb_at
  set -l typed (__plumb_words)
  test "$typed[1..(count $argv)]" = "$argv"
end
function __plumb_only
  set -l typed (__plumb_words)
  test "$typed" = "$argv"
end
${groups.map((group) => `complete -c plumb -f -n '__plumb_only' -a ${group}`).join('\n')}
${lines.join('\n')}
`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
