import type { Json } from '@plumb/protocol'
import type { Field, Operation } from '../api/operation.js'
import { objectOf, plainText, propertiesOf, typeOf } from '../api/schema.js'
import { sampleValue } from '../values/sample-value.js'
import { patternText } from '../values/pattern-text.js'
import { complaintsOf } from './complaints.js'
import type { Complaint } from './complaints.js'
import { isReference } from './references.js'
import { isMoment, isTellingText } from './telling-fields.js'
import type { Values, Work } from './work.js'
import { sampleRequest } from './work.js'

export type Refusal = {
  readonly operation: Operation
  readonly values: Values
  /** Status and body of the answer, as text. */
  readonly failure: string
  readonly noun: readonly string[]
}

export const isTaken = (failure: string): boolean =>
  /^409\b/.test(failure) ||
  /\b(already|taken|duplicate|not unique|must be unique)\b|(_taken|already_|_exists|duplicate)/i.test(
    failure,
  )

/** Other values after a refusal, as its text asks for; null when it says nothing that helps. */
export function reviseValues(work: Work, refusal: Refusal): Values | null {
  const { operation, values, failure, noun } = refusal
  if (isTaken(failure)) return renamed(work, refusal)
  if (!/^(400|412|415|422)\b/.test(failure) && !/^2\d\d\b/.test(failure)) return null
  const names = operation.fields.map(({ name }) => name)
  const complaints = complaintsOf(failure, names)
  const changes = complaints.flatMap(({ field: name, message }) => {
    const field = operation.fields.find((one) => one.name === name)
    const value =
      field === undefined
        ? undefined
        : answerTo(work, field, { name, message, current: values[name], noun })
    return value === undefined ? [] : [[name, value] as const]
  })
  const revised = changes.filter(
    ([name, value]) => JSON.stringify(values[name]) !== JSON.stringify(value),
  )
  if (revised.length > 0) return { ...values, ...Object.fromEntries(revised) }
  return complaints.length === 0 ? withMore(work, refusal) : null
}

/** New names for everything that was made up. */
function renamed(work: Work, { operation, values, noun }: Refusal): Values | null {
  work.salt += 1
  const changes = operation.fields.flatMap((field) => {
    const value = values[field.name]
    const isOurs = typeof value === 'string' && value.includes(work.task.namespace)
    return isOurs ? [[field.name, sampleValue(sampleRequest(work, field, noun))]] : []
  })
  return changes.length === 0 ? null : { ...values, ...(Object.fromEntries(changes) as Values) }
}

/** Where the error names no field: the members that such a thing usually needs. */
function withMore(work: Work, { operation, values, noun }: Refusal): Values | null {
  const open = operation.fields.filter(
    ({ place, name }) => place === 'body' && values[name] === undefined,
  )
  const more = open.filter(
    (field) => (isMoment(field) || isTellingText(field)) && !isReference(field, work.catalogue),
  )
  if (more.length === 0) return null
  return {
    ...values,
    ...Object.fromEntries(
      more.map((field) => [field.name, sampleValue(sampleRequest(work, field, noun))]),
    ),
  }
}

type Answering = {
  readonly name: string
  readonly message: string
  readonly current: Json | undefined
  readonly noun: readonly string[]
}

/** The value that a complaint about a field asks for. */
function answerTo(
  work: Work,
  field: Field,
  { message, current, noun }: Answering,
): Json | undefined {
  const request = sampleRequest(work, field, noun)
  if (current === undefined)
    return isReference(field, work.catalogue) ? undefined : sampleValue(request)
  const choice = choiceIn(message)
  if (choice !== null && choice !== current) return choice
  if (typeof current === 'string')
    return revisedText(current, message, () => sampleValue({ ...request, salt: work.salt + 1 }))
  if (typeof current === 'object')
    return completed(work, field, { name: field.name, message, current, noun })
  return revisedOther(current, message)
}

/** An object with the members that the complaint names, or with all that it may have. */
function completed(
  work: Work,
  field: Field,
  { message, current, noun }: Answering,
): Json | undefined {
  if (typeOf(field.schema) !== 'object') return undefined
  const members = propertiesOf(field.schema)
  const named = complaintsOf(message, Object.keys(members))
  const inner = named.flatMap(({ field: name }: Complaint) => {
    const schema = members[name] ?? {}
    return [
      [
        name,
        sampleValue({ ...sampleRequest(work, { ...field, name, schema }, noun), name }),
      ] as const,
    ]
  })
  return inner.length === 0 ? undefined : { ...objectOf(current), ...Object.fromEntries(inner) }
}

/** One of the values that a message lists: `must be one of: low, high`. */
function choiceIn(message: string): string | null {
  const listed =
    /(?:one of|allowed values(?: are)?|valid values(?: are)?|expected one of|must be either|permitted values(?: are)?)[:\s]*[[("'`]*([^\].)]+)/i.exec(
      message,
    )?.[1]
  const first = listed?.split(/,|\||\bor\b/)[0]?.replaceAll(/["'`\s[\]()]/g, '')
  return first === undefined || first === '' ? null : first
}

type TextChange = {
  readonly says: RegExp
  readonly change: (text: string, message: string) => Json
}

const shift = (text: string, hours: number): string => {
  const moment = new Date(text)
  if (Number.isNaN(moment.getTime())) return text
  const later = new Date(moment.getTime() + hours * 3_600_000).toISOString()
  return text.length === 10 ? later.slice(0, 10) : later.replace('.000Z', 'Z')
}

const textChanges: readonly TextChange[] = [
  {
    says: /(?:max(?:imum)?|at most|no more than|longer than|exceed\w*|up to)\D{0,30}(\d+)/i,
    change: (text, message) =>
      text
        .slice(
          -Number(
            /(?:max(?:imum)?|at most|no more than|longer than|exceed\w*|up to)\D{0,30}(\d+)/i.exec(
              message,
            )?.[1] ?? 20,
          ),
        )
        .replace(/^\W+/, ''),
  },
  {
    says: /(?:min(?:imum)?|at least)\D{0,30}(\d+)/i,
    change: (text, message) =>
      text.padEnd(Number(/(?:min(?:imum)?|at least)\D{0,30}(\d+)/i.exec(message)?.[1] ?? 1), 'x'),
  },
  { says: /too long/i, change: (text) => text.slice(-20).replace(/^\W+/, '') },
  { says: /upper ?-?case/i, change: (text) => text.toUpperCase() },
  { says: /lower ?-?case/i, change: (text) => text.toLowerCase() },
  {
    says: /alphanumeric|letters and (numbers|digits)|special characters/i,
    change: (text) => text.replaceAll(/[^A-Za-z0-9]/g, ''),
  },
  { says: /e-?mail/i, change: (text) => `${text.replaceAll(/[^\w.-]/g, '')}@example.com` },
  {
    says: /\b(url|uri)\b|https?/i,
    change: (text) => `https://example.com/${text.replaceAll(/[^\w.-]/g, '')}`,
  },
  { says: /future|after|later|past/i, change: (text) => shift(text, 30 * 24) },
  { says: /earlier|before/i, change: (text) => shift(text, -20 * 24) },
  { says: /yyyy-mm-dd\b(?!t)/i, change: (text) => text.slice(0, 10) },
  {
    says: /date-?time|iso ?8601|rfc ?3339/i,
    change: (text) => (text.length === 10 ? `${text}T10:00:00Z` : text),
  },
  { says: /integer|number|numeric/i, change: () => 1 },
  { says: /boolean/i, change: () => true },
  { says: /hex|colou?r/i, change: (text) => (text.startsWith('#') ? text.slice(1) : `#${text}`) },
]

/** A pattern that the message quotes: `must match ^[A-Z]{2}$`. */
function patternIn(message: string): string | null {
  const told =
    /(?:match\w*|pattern|format)\W{1,3}(?:the )?(?:pattern |regex |regular expression )?["'`/]?(\^[^"'`\s]+\$)/i
  return told.exec(message)?.[1] ?? null
}

function revisedText(current: string, message: string, other: () => Json): Json {
  const pattern = patternIn(message)
  const fitting = pattern === null ? null : patternText(pattern, 1)
  if (fitting !== null && fitting !== current) return fitting
  const changed = textChanges
    .filter(({ says }) => says.test(message))
    .map(({ change }) => change(current, message))
  return changed.find((value) => value !== current && value !== '') ?? other()
}

function revisedOther(current: Json, message: string): Json | undefined {
  if (typeof current === 'number') return withinBounds(current, message)
  if (/string/i.test(message)) return plainText(current)
  return typeof current === 'boolean' ? !current : undefined
}

function withinBounds(current: number, message: string): Json | undefined {
  const least = /(?:greater than|at least|minimum|min|>=?)\D{0,20}(-?\d+)/i.exec(message)?.[1]
  const most = /(?:less than|at most|maximum|max|<=?)\D{0,20}(-?\d+)/i.exec(message)?.[1]
  if (least !== undefined) return Number(least) + (/greater than/i.test(message) ? 1 : 0)
  if (most !== undefined) return Number(most) - (/less than/i.test(message) ? 1 : 0)
  return /string/i.test(message) ? plainText(current) : undefined
}
