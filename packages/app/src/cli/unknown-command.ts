import { editDistance, PlumbError } from '@plumb/protocol'

/** The words of a command line that name no operation, as the error to show; null when they name one. */
export function unknownCommand(
  args: readonly string[],
  names: readonly string[],
): PlumbError | null {
  const words = leadingWords(args)
  const [first = 'help', second = 'help'] = words
  const group = names.filter((name) => name.startsWith(`${first} `))
  const isGroup = group.length > 0
  const known = ['help', ...names].includes(first)
  if (known || (isGroup && ['help', ...group].includes(inGroup(first, second)))) return null
  const near = nearestCommand(words, isGroup ? group : names)
  const typed = isGroup ? `${first} ${second}` : first
  return new PlumbError({
    code: 'usage',
    message: `There is no command "plumb ${typed}".`,
    remedy: near === null ? '`plumb --help` lists what there is.' : `Did you mean ${near}?`,
  })
}

function inGroup(group: string, word: string): string {
  return word === 'help' ? word : `${group} ${word}`
}

/** Up to two words before the first option; the only options of `plumb` itself take no value. */
function leadingWords(args: readonly string[]): string[] {
  const start = args.findIndex((arg) => !arg.startsWith('-'))
  if (start < 0 || args.slice(0, start).some((arg) => /^(-h|--help|-V|--version)$/.test(arg)))
    return []
  const rest = args.slice(start, start + 2)
  return rest.filter((arg, index) => index === 0 || !arg.startsWith('-'))
}

function nearestCommand(words: readonly string[], names: readonly string[]): string | null {
  const [first = '', second = ''] = words.map((word) => word.toLowerCase())
  const forms = [`${first} ${second}`.trim(), `${second} ${first}`.trim(), first]
  const distance = (name: string) =>
    Math.min(
      ...forms
        .filter((form) => form.includes(' ') === name.includes(' '))
        .map((form) => editDistance(form, name)),
      editDistance(first.replaceAll(/[-_:]/g, ''), name.replaceAll(/[ -]/g, '')),
    )
  const [nearest] = names
    .map((name) => ({ name, distance: distance(name) }))
    .sort((a, b) => a.distance - b.distance)
  if (nearest === undefined) return null
  return nearest.distance <= Math.max(2, Math.floor(nearest.name.length / 3)) ? nearest.name : null
}
