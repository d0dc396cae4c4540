import { editDistance } from '@plumb/protocol'

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
