import type { Brief, Json, JsonObject } from '@plumb/protocol'
import { briefSchema, interactionSchema } from '@plumb/protocol'
import { nearestWord } from './nearest-word.js'
import { findFieldProblems } from '../draft/normalise-fields.js'
import type { Path, Position, PositionedDocument } from './positioned-document.js'

export type BriefProblem = {
  readonly position: Position
  readonly message: string
}

export type BriefChecks = {
  /** Names of the known providers; the provider is not checked without them. */
  readonly providers?: readonly string[]
}

type Checked = { readonly brief: Brief | null; readonly problems: readonly BriefProblem[] }

/** Validates a parsed brief: its form first, then what the form cannot say. */
export function checkBrief(document: PositionedDocument, checks: BriefChecks): Checked {
  if (document.syntaxErrors.length > 0) return { brief: null, problems: document.syntaxErrors }
  const parsed = briefSchema.safeParse(document.value)
  if (parsed.success) {
    return { brief: parsed.data, problems: findSemanticProblems(document, parsed.data, checks) }
  }
  const provider = valueAt(document.value, ['provider'])
  return {
    brief: null,
    problems: [
      ...(typeof provider === 'string' ? providerProblems(document, provider, checks) : []),
      ...parsed.error.issues.flatMap((issue) => formProblems(document, issue)),
    ],
  }
}

type Issue = {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
}

function formProblems(document: PositionedDocument, issue: Issue): BriefProblem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => unknownKey(document, path, key))
  }
  const value = valueAt(document.value, path)
  const message =
    value === undefined
      ? `${nameOf(path)} is missing. ${expected(issue)}`
      : `${nameOf(path)} is ${shown(value)}. ${expected(issue)}`
  return [{ position: document.positionOf(path), message }]
}

function unknownKey(document: PositionedDocument, path: Path, key: string): BriefProblem {
  const known = keysAt(path)
  const near = nearestWord(key, known)
  const hint = near === null ? `Known here: ${known.join(', ')}.` : `Did you mean "${near}"?`
  const place = path.length === 0 ? 'the brief' : nameOf(path)
  return {
    position: document.positionOfKey(path, key),
    message: `"${key}" is not a key of ${place}. ${hint}`,
  }
}

function keysAt(path: Path): string[] {
  if (path.length === 0) return Object.keys(briefSchema.shape)
  if (path[0] === 'connection') return Object.keys(briefSchema.shape.connection.shape)
  if (path[0] === 'interactions' && path.length === 2) return Object.keys(interactionSchema.shape)
  return ['input', 'output']
}

const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /^interactions\[\d+\]\.id$/,
    'It must be lower-case words joined by hyphens, such as "create-event", at most 64 characters.',
  ],
  [/^interactions\[\d+\]\.kind$/, 'It must be "action" or "sync"; leave it out to have it chosen.'],
  [
    /^interactions\[\d+\]\.writes$/,
    'It must be true, false or the number of writes one call may make.',
  ],
  [
    /^interactions\[\d+\]\.expectedStatuses/,
    'It must be a list of statuses between 300 and 599, such as [404].',
  ],
  [/^interactions\[\d+\]\.expect$/, 'It must be "accepted" or "blocked".'],
  [
    /^interactions\[\d+\]\.(input|output)$/,
    'It must be fields such as "title: string", or a JSON Schema.',
  ],
  [/^interactions$/, 'It must be a list of at least one interaction with "id" and "description".'],
  [
    /^connection$/,
    'It must have "integration" and "id": the keys of the test account to build with.',
  ],
]

function expected(issue: Issue): string {
  const name = nameOf(issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step)))
  const remedy = remedies.find(([pattern]) => pattern.test(name))?.[1]
  return (
    remedy ?? `${issue.message.replace(/^Invalid input: expected (\w+).*/, 'It must be a $1')}.`
  )
}

function nameOf(path: Path): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  return text === '' ? 'The brief' : text.replace(/^\./, '')
}

function valueAt(value: Json, path: Path): Json | undefined {
  let current: Json | undefined = value
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = (current as Readonly<Record<string, Json>>)[String(step)]
  }
  return current
}

function shown(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function findSemanticProblems(
  document: PositionedDocument,
  brief: Brief,
  checks: BriefChecks,
): BriefProblem[] {
  return [
    ...providerProblems(document, brief.provider, checks),
    ...duplicateIds(document, brief),
    ...brief.interactions.flatMap((interaction, index) => [
      ...fieldProblems(document, ['interactions', index, 'input'], interaction.input),
      ...fieldProblems(document, ['interactions', index, 'output'], interaction.output),
      ...syncProblems(document, brief, index),
    ]),
  ]
}

function providerProblems(
  document: PositionedDocument,
  provider: string,
  { providers }: BriefChecks,
): BriefProblem[] {
  if (provider === '' || providers === undefined || providers.includes(provider)) return []
  const near = nearestWord(provider, providers)
  const hint =
    near === null
      ? `Known: ${providers.slice(0, 12).join(', ')}. Add an entry to the provider catalog.`
      : `Did you mean "${near}"?`
  const message = `provider is "${provider}", which is not in the catalog. ${hint}`
  return [{ position: document.positionOf(['provider']), message }]
}

function duplicateIds(document: PositionedDocument, brief: Brief): BriefProblem[] {
  const seen = new Map<string, number>()
  return brief.interactions.flatMap(({ id }, index) => {
    const first = seen.get(id)
    if (first === undefined) {
      seen.set(id, index)
      return []
    }
    const message = `interactions[${index}].id is "${id}", which interactions[${first}] has already. Give each interaction its own id.`
    return [{ position: document.positionOf(['interactions', index, 'id']), message }]
  })
}

function fieldProblems(
  document: PositionedDocument,
  path: Path,
  fields: JsonObject | undefined,
): BriefProblem[] {
  return findFieldProblems(fields ?? {}).map(({ name, value, message }) => ({
    position: document.positionOf([...path, name]),
    message: `${nameOf([...path, name])} is ${shown(value)}. It ${message}.`,
  }))
}

function syncProblems(document: PositionedDocument, brief: Brief, index: number): BriefProblem[] {
  const interaction = brief.interactions[index]
  if (interaction?.kind !== 'sync') return []
  if (interaction.writes === undefined || interaction.writes === false || interaction.writes === 0)
    return []
  const message = `interactions[${index}].writes is ${shown(interaction.writes)}, but a sync only reads. Remove "writes", or set kind to "action".`
  return [{ position: document.positionOf(['interactions', index, 'writes']), message }]
}
