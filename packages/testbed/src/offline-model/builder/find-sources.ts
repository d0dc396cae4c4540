import type { Operation, OperationName } from '../api/operation.js'
import { placeholderOf, segmentsOf } from '../api/operation.js'
import { isAbout, nounOfPath } from '../api/nouns.js'
import { isList, isObject, propertiesOf } from '../api/schema.js'
import { isSameWord, wordsOf } from '../api/words.js'
import type { Play } from '../conversation/play-from-start.js'
import type { Target } from './references.js'
import { intentOfOperation } from './references.js'
import type { Work } from './work.js'
import { searchOperations, showOperations } from './work.js'

const most = 3

/** Operations that list (or create) the things a target points at, the most promising first. */
export function* findSources(
  work: Work,
  target: Target,
  intent: 'list' | 'create',
): Play<Operation[]> {
  const near = ranked(work.catalogue, target, intent)
  if (near.some(({ score }) => score >= 4))
    return yield* usable(
      work,
      near.map(({ name }) => name),
      target,
    )
  if (target.noun.length === 0) return []
  const verb = intent === 'list' ? 'list' : 'create'
  const found = yield* searchOperations(work, [verb, ...target.noun])
  const fitting = found.filter((name) => isKind(name, intent))
  const names = [...near.map(({ name }) => name), ...fitting]
  return yield* usable(work, names, target)
}

function* usable(work: Work, names: readonly OperationName[], target: Target): Play<Operation[]> {
  const ids = [...new Set(names.map(({ id }) => id))]
    .filter((id) => !work.underway.has(id))
    .slice(0, most + 1)
  const shown = yield* showOperations(work, ids)
  return shown.filter((operation) => answersWith(operation, target)).slice(0, most)
}

/** Whether an operation is about the thing, by its path or by what it answers. */
function answersWith(operation: Operation, { noun, collection }: Target): boolean {
  if (operation.path === collection || isAbout(noun, nounOfPath(operation.path))) return true
  const members = propertiesOf(operation.answer ?? {})
  const deeper = Object.values(members).flatMap((member) => Object.entries(propertiesOf(member)))
  return [...Object.entries(members), ...deeper].some(([name, schema]) => {
    const isPart =
      isObject(schema['items']) ||
      isList(schema['items']) ||
      Object.keys(propertiesOf(schema)).length > 0
    return isPart && isSameWord(wordsOf(name).at(-1) ?? '', noun.at(-1) ?? '')
  })
}

function isKind(name: OperationName, intent: 'list' | 'create'): boolean {
  const endsInThing = placeholderOf(segmentsOf(name.path).at(-1) ?? '') === null
  if (!endsInThing) return false
  const own = intentOfOperation(name)
  if (intent === 'create') return name.method !== 'GET' && own === 'create'
  return own === 'list' || (name.method === 'GET' && own === 'read')
}

type Ranked = { readonly name: OperationName; readonly score: number }

function ranked(
  catalogue: readonly OperationName[],
  target: Target,
  intent: 'list' | 'create',
): Ranked[] {
  return catalogue
    .filter((name) => isKind(name, intent))
    .map((name) => ({ name, score: scoreOf(name, target) }))
    .filter(({ score }) => score >= 3)
    .sort((a, b) => b.score - a.score || a.name.path.length - b.name.path.length)
}

function scoreOf({ path, id, summary }: OperationName, { noun, collection }: Target): number {
  if (path === collection) return 10
  const about = nounOfPath(path)
  if (!isAbout(noun, about)) return 0
  const extra = about.filter((word) => !noun.some((other) => isSameWord(word, other))).length
  const missing = noun.filter((word) => !about.some((other) => isSameWord(word, other))).length
  const open = segmentsOf(path).filter(
    (segment) => placeholderOf(segment) !== null && !(collection ?? '').includes(segment),
  ).length
  const isOwn =
    /\b(me|mine|my|authenticated|current|own)\b/i.test(
      `${path.replaceAll('/', ' ')} ${id} ${summary}`,
    ) || /^\/users?\//.test(path)
  return 6 - extra - 0.5 * missing - 1.5 * open + (isOwn ? 0.5 : 0)
}

/** The path fields of an operation that a collection's path shares: they mean the same thing in both. */
export function sharedFields(operation: Operation, other: OperationName): Set<string> {
  const [a, b] = [segmentsOf(operation.path), segmentsOf(other.path)]
  const same = a.findIndex((segment, i) => segment !== b[i])
  const common = same < 0 ? a : a.slice(0, same)
  return new Set(common.flatMap((segment) => placeholderOf(segment) ?? []))
}
