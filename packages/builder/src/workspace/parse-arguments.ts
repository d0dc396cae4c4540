import type { Json } from '@plumb/protocol'

/** How the value of an option is read. `pair` is `name=value`; `json` also takes `@file`. */
export type OptionType = 'text' | 'integer' | 'json' | 'json-object' | 'pair'

export type OptionRule = {
  readonly type: OptionType
  readonly repeated?: boolean
  readonly required?: boolean
  /** The only values a `text` option takes. */
  readonly choices?: readonly string[]
}

export type ArgumentRules = {
  /** How many words may stand beside the options. */
  readonly words: { readonly min: number; readonly max: number }
  readonly options: Readonly<Record<string, OptionRule>>
}

export type OptionValue = Json | readonly [string, string]

export type ParsedArguments = {
  readonly words: readonly string[]
  /** Every value given for an option, in order; an option that was not given is missing. */
  readonly options: ReadonlyMap<string, readonly OptionValue[]>
}

export type ArgumentsResult =
  | { readonly kind: 'parsed'; readonly arguments: ParsedArguments }
  | { readonly kind: 'wrong'; readonly message: string }

type ValueResult = { readonly value: OptionValue } | { readonly problem: string }

type Files = Readonly<Record<string, string>>

type Given = { readonly option: string; readonly text: string; readonly files: Files }

function readJson({ option, text, files }: Given): ValueResult {
  const path = text.startsWith('@') ? text.slice(1) : null
  const source = path === null ? text : files[path]
  if (source === undefined)
    return { problem: `--${option} names the file "${path}", which cannot be read.` }
  try {
    return { value: JSON.parse(source) as Json }
  } catch (error) {
    const where = path === null ? `"${source.slice(0, 200)}"` : `The file "${path}"`
    return { problem: `--${option} must be JSON. ${where} is not: ${(error as Error).message}` }
  }
}

function readObject(given: Given): ValueResult {
  const result = readJson(given)
  if ('problem' in result) return result
  const { value } = result
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? result
    : { problem: `--${given.option} must be a JSON object, not ${JSON.stringify(value)}.` }
}

const readers: Readonly<Record<OptionType, (given: Given, rule: OptionRule) => ValueResult>> = {
  json: readJson,
  'json-object': readObject,
  integer: ({ option, text }) =>
    /^\d{1,6}$/.test(text)
      ? { value: Number(text) }
      : { problem: `--${option} must be a whole number, not "${text}".` },
  pair: ({ option, text }) => {
    const at = text.indexOf('=')
    return at > 0
      ? { value: [text.slice(0, at), text.slice(at + 1)] as const }
      : { problem: `--${option} must be name=value, not "${text}".` }
  },
  text: ({ option, text }, { choices }) =>
    choices === undefined || choices.includes(text)
      ? { value: text }
      : { problem: `--${option} must be ${choices.join(' or ')}, not "${text}".` },
}

function splitOption(arg: string): { name: string; inline: string | null } {
  const at = arg.indexOf('=')
  return at < 0
    ? { name: arg.slice(2), inline: null }
    : { name: arg.slice(2, at), inline: arg.slice(at + 1) }
}

type Collected = { words: string[]; options: Map<string, OptionValue[]>; problem: string | null }

function takeOption(
  state: Collected,
  { name, text }: { name: string; text: string | undefined },
  { rules, files }: { rules: ArgumentRules; files: Files },
): void {
  const rule = Object.hasOwn(rules.options, name) ? rules.options[name] : undefined
  const known = Object.keys(rules.options).map((option) => `--${option}`)
  const earlier = state.options.get(name) ?? []
  if (rule === undefined)
    state.problem = `"--${name}" is not an option here. ${known.length > 0 ? `There is ${known.join(', ')}.` : 'There are none.'}`
  else if (text === undefined) state.problem = `--${name} has no value.`
  else if (earlier.length > 0 && rule.repeated !== true) state.problem = `--${name} is given twice.`
  else {
    const result = readers[rule.type]({ option: name, text, files }, rule)
    if ('problem' in result) state.problem = result.problem
    else state.options.set(name, [...earlier, result.value])
  }
}

function collect(args: readonly string[], rules: ArgumentRules, files: Files): Collected {
  const state: Collected = { words: [], options: new Map(), problem: null }
  for (let index = 0; index < args.length && state.problem === null; index += 1) {
    const arg = args[index] ?? ''
    if (!arg.startsWith('--')) {
      state.words.push(arg)
      continue
    }
    const { name, inline } = splitOption(arg)
    if (inline === null) index += 1
    takeOption(state, { name, text: inline ?? args[index] }, { rules, files })
  }
  return state
}

function findProblem({ words, options }: Collected, rules: ArgumentRules): string | null {
  const { min, max } = rules.words
  if (words.length < min) return `${min - words.length} more word(s) are needed.`
  if (words.length > max) return `"${words[max]}" is one word too many.`
  const missing = Object.entries(rules.options).find(
    ([name, rule]) => rule.required === true && !options.has(name),
  )
  return missing === undefined ? null : `--${missing[0]} is missing.`
}

/** Reads the words after the verb. `files` holds the contents of the files that `@path` values name. */
export function parseArguments(
  args: readonly string[],
  rules: ArgumentRules,
  files: Files,
): ArgumentsResult {
  const state = collect(args, rules, files)
  const message = state.problem ?? findProblem(state, rules)
  return message === null
    ? { kind: 'parsed', arguments: { words: state.words, options: state.options } }
    : { kind: 'wrong', message }
}
