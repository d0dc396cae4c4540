/** Edits (insert, delete, replace, swap of neighbours) that turn one text into the other. */
export function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  const cell = (row: number, column: number) => rows[row]?.[column] ?? Infinity
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    rows.push(current)
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current[column] = Math.min(
        cell(row - 1, column) + 1,
        cell(row, column - 1) + 1,
        cell(row - 1, column - 1) + same,
        swapped ? cell(row - 2, column - 2) + 1 : Infinity,
      )
    }
  }
  return cell(from.length, to.length)
}

/** Words that agents use for a verb of ours. */
const synonyms: Readonly<Record<string, string>> = {
  search: 'docs search',
  find: 'docs search',
  operations: 'docs search',
  api: 'docs search',
  show: 'docs show',
  describe: 'docs show',
  curl: 'request',
  fetch: 'request',
  call: 'request',
  get: 'request',
  post: 'request',
  generate: 'draft',
  scaffold: 'draft',
  run: 'dryrun',
  execute: 'dryrun',
  test: 'dryrun',
  try: 'dryrun',
  record: 'dryrun',
  validate: 'check',
  verify: 'check',
  lint: 'check',
  typecheck: 'check',
  compile: 'check',
  done: 'submit',
  finish: 'submit',
  complete: 'submit',
  publish: 'submit',
  deploy: 'submit',
  fail: 'blocked',
  abort: 'blocked',
  stuck: 'blocked',
  usage: 'help',
}

/** The verb that the typed words most likely meant; never null, because there is always a nearest one. */
export function nearestVerb(args: readonly string[], verbs: readonly string[]): string {
  const words = args.filter((arg) => !arg.startsWith('-')).slice(0, 2)
  const typed = words.join(' ').toLowerCase().slice(0, 64)
  const first = (words[0] ?? '').toLowerCase()
  const meant = Object.hasOwn(synonyms, first) ? synonyms[first] : undefined
  if (meant !== undefined && verbs.includes(meant)) return meant
  const distance = (verb: string) =>
    Math.min(
      editDistance(typed, verb),
      editDistance(typed.replaceAll(/[\s_-]/g, ''), verb.replaceAll(' ', '')),
      verb.includes(' ') ? Infinity : editDistance(first, verb),
    )
  return [...verbs].sort((a, b) => distance(a) - distance(b))[0] ?? 'help'
}
