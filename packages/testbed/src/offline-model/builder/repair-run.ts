import type { Play } from '../conversation/play-from-start.js'
import { changeMember, relaxMember, sendMember } from '../source/edit-source.js'
import { namesIn } from './choose-operation.js'
import { complaintsOf } from './complaints.js'
import type { RunFailure } from './dry-run.js'
import type { Attempt } from './attempt.js'
import { adoptSource } from './adopt-source.js'
import { fixDiagnostics } from './fix-diagnostics.js'
import { forget, prepare } from './prepare.js'
import { isReference } from './references.js'
import { isTaken, reviseValues } from './revise-values.js'
import type { Work } from './work.js'
import { nounOfPath } from '../api/nouns.js'

/** Whether another run is worth it after a repair, or why not. */
export type Repair =
  { readonly kind: 'again' } | { readonly kind: 'access' } | { readonly kind: 'stuck' }

const again: Repair = { kind: 'again' }
const stuck: Repair = { kind: 'stuck' }

const denied =
  /missing_scope|insufficient[ _]?(authentication[ _]?)?(scope|permission)|invalid_auth|token_(revoked|expired)|not_allowed_token_type|account_inactive|access[ _]?denied/i
const absent = /not[_ ]?found|no such|does(n't| not) exist|unknown_|invalid_(id|ref)|no_longer/i
const closed =
  /not_in_|forbidden|permission|cant_|can't|restricted|archived|not allowed|read[- ]?only/i

type Means = 'denied' | 'absent' | 'closed' | 'taken' | 'invalid' | 'busy' | 'other'

type Reading = {
  readonly means: Means
  readonly statuses?: readonly number[]
  readonly says?: RegExp
}

/** Read from top to bottom: statuses that say enough, then words, then statuses that say little. */
const readings: readonly Reading[] = [
  { means: 'denied', statuses: [401] },
  { means: 'absent', statuses: [404, 410] },
  { means: 'denied', says: denied },
  { means: 'closed', statuses: [403] },
  { means: 'busy', statuses: [429, 500, 502, 503, 504] },
  { means: 'absent', says: absent },
  { means: 'closed', says: closed },
  { means: 'invalid', statuses: [400, 412, 415, 422] },
  { means: 'invalid', says: /^200 / },
]

/** What a refusal of the API means, by its status, or by its words where the status says nothing. */
export function meaningOf({ status, text }: Pick<RunFailure, 'status' | 'text'>): Means {
  if (isTaken(text)) return 'taken'
  const reading = readings.find(
    ({ statuses, says }) => says?.test(text) ?? statuses?.includes(status ?? 0) ?? false,
  )
  return reading?.means ?? 'other'
}

type Mending = (work: Work, attempt: Attempt, failure: RunFailure) => Play<Repair>

const mendings: Readonly<Record<Means, Mending>> = {
  denied: noAccess,
  busy: waitAndSee,
  absent: replaceReference,
  closed: replaceReference,
  taken: reviseInput,
  invalid: reviseInput,
  other: noIdea,
}

/** Changes the input, the test data or the function so that the next run may succeed. */
export function* repairRun(work: Work, attempt: Attempt, failure: RunFailure): Play<Repair> {
  const { type, diagnostics } = failure
  if (diagnostics.length > 0)
    return yield* adopt(work, attempt, fixDiagnostics(attempt.plan.source, diagnostics))
  if (type === 'validation') return yield* repairShape(work, attempt, failure)
  if (type === 'tool') return yield* waitAndSee(work, attempt)
  if (type !== 'http-error' && type !== 'action-error') return stuck
  return yield* mendings[meaningOf(failure)](work, attempt, failure)
}

function* noAccess(): Play<Repair> {
  return { kind: 'access' }
}

function* noIdea(): Play<Repair> {
  return stuck
}

/** The same call may succeed a little later. */

function* waitAndSee(_work: Work, attempt: Attempt): Play<Repair> {
  attempt.waits += 1
  return attempt.waits <= 2 ? again : stuck
}

function* adopt(work: Work, attempt: Attempt, source: string | null): Play<Repair> {
  if (source === null) return stuck
  yield* adoptSource(work, attempt, source)
  return again
}

/** Looks for another thing to point at: the one complained about, else the last one that was named. */
function* replaceReference(work: Work, attempt: Attempt, failure: RunFailure): Play<Repair> {
  const { plan, values } = attempt
  const references = plan.slots.filter(
    ({ field }) => values[field.name] !== undefined && isReference(field, work.catalogue),
  )
  const names = references.map(({ field }) => field.name)
  const words = complaintsOf(failure.text, names).map(({ field }) => field)
  const turn = attempt.replaced++
  const name = words[0] ?? names.at(turn < 2 ? -1 : 0)
  if (name === undefined || turn >= 4)
    return meaningOf(failure) === 'closed' ? { kind: 'access' } : stuck
  const rest = forget(work, name, values)
  const own = turn >= 2 ? new Set([...plan.own, name]) : plan.own
  const dependent = dependents(attempt, name)
  const kept = Object.fromEntries(Object.entries(rest).filter(([key]) => !dependent.has(key)))
  const found = yield* prepare(work, { ...plan, own }, kept)
  if (found.missing !== null) return meaningOf(failure) === 'closed' ? { kind: 'access' } : stuck
  attempt.values = found.values
  return again
}

/** What stands behind a value in the path, or points below it, belongs to it. */
function dependents({ plan: { operation, slots } }: Attempt, name: string): Set<string> {
  const at = operation.path.indexOf(`{${name}}`)
  const later = slots.filter(
    ({ field }) =>
      field.place === 'path' && at >= 0 && operation.path.indexOf(`{${field.name}}`) > at,
  )
  return new Set(later.map(({ field }) => field.name))
}

function* reviseInput(work: Work, attempt: Attempt, failure: RunFailure): Play<Repair> {
  const { plan, values } = attempt
  const references = plan.slots.filter(
    ({ field }) => isReference(field, work.catalogue) && values[field.name] !== undefined,
  )
  const pointed = complaintsOf(
    failure.text,
    references.map(({ field }) => field.name),
  )
  if (pointed.length > 0 && !isTaken(failure.text))
    return yield* replaceReference(work, attempt, failure)
  const noun = nounOfPath(plan.operation.path)
  const revised = reviseValues(work, {
    operation: withSlots(attempt),
    values,
    failure: failure.text,
    noun,
  })
  if (revised === null)
    return attempt.revised++ < 1 && references.length > 0
      ? yield* replaceReference(work, attempt, failure)
      : stuck
  attempt.values = revised
  const taken = new Set(plan.slots.map(({ field }) => field.name))
  const added = Object.keys(revised).find((name) => values[name] === undefined && !taken.has(name))
  if (added === undefined) return again
  return yield* adopt(work, attempt, sendMember(plan.source, added, 'z.string()'))
}

/** The operation with its fields as the function takes them. */
function withSlots({ plan: { operation, slots } }: Attempt) {
  const fields = operation.fields.map(
    (field) => slots.find((slot) => slot.field.name === field.name)?.field ?? field,
  )
  const more = slots
    .map(({ field }) => field)
    .filter(({ name }) => !fields.some((field) => field.name === name))
  return { ...operation, fields: [...fields, ...more] }
}

/** Values that do not fit the function's own schemas: the input is revised, everything else is described better. */
function* repairShape(work: Work, attempt: Attempt, failure: RunFailure): Play<Repair> {
  if (failure.message.startsWith('The input')) {
    const said = failure.issues.map(({ path, message }) => ({ field: path.split('.')[0], message }))
    const text = `422 ${JSON.stringify({ errors: said })}`
    return yield* reviseInput(work, attempt, { ...failure, text })
  }
  const required = new Set(requiredNames(work))
  const source = failure.issues.reduce((text, { path, message }) => {
    const name = path.split('.').findLast((part) => !/^\d+$/.test(part)) ?? ''
    return describedBetter(text, { name, message, required: required.has(name) }) ?? text
  }, attempt.plan.source)
  return yield* adopt(work, attempt, source === attempt.plan.source ? null : source)
}

function requiredNames(work: Work): string[] {
  const { output } = work.task
  return namesIn(output).filter((name) => {
    const type = output?.[name] ?? output?.[`${name}?`]
    return !(typeof type === 'string' && type.endsWith('?')) && output?.[`${name}?`] === undefined
  })
}

type Mismatch = { readonly name: string; readonly message: string; readonly required: boolean }

const types: Readonly<Record<string, string>> = {
  string: 'z.string()',
  number: 'z.number()',
  boolean: 'z.boolean()',
  int: 'z.number()',
}

function describedBetter(source: string, { name, message, required }: Mismatch): string | null {
  const received = /received (\w+)/.exec(message)?.[1] ?? ''
  if (received === 'null' || received === 'undefined')
    return required ? null : relaxMember(source, name, false)
  const type = types[received]
  if (type !== undefined)
    return changeMember(source, name, (text) => text.replace(/^z\.\w+\([^()]*\)(\.int\(\))?/, type))
  if (/invalid option|expected one of/i.test(message))
    return changeMember(source, name, (text) =>
      text.replace(/^z\.(enum|literal)\([^()]*\)/, 'z.string()'),
    )
  return null
}
