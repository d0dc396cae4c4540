import { createHash } from 'node:crypto'
import { wordsOf } from '../api/words.js'
import { patternText } from './pattern-text.js'
import type { SampleRequest } from './sample.js'
import { dateText, dateTimeText, sampleTime } from './sample-time.js'

type TextRule = {
  /** Formats of JSON Schema that mean this. */
  readonly formats: string
  /** Last words of names that mean this, where the schema names no format. */
  readonly names?: RegExp
  /** Words of a description that mean this. */
  readonly told?: RegExp
  readonly text: (request: SampleRequest) => string
}

/** `plumb-x1-title`, with a number from the second try on: no spaces, lower case, so it fits almost anywhere. */
export function nameText({ namespace, name, noun, salt }: SampleRequest): string {
  const word = wordsOf(name).at(-1) ?? 'item'
  const thing =
    /^(name|title|summary|subject|label|id|key|slug|text)$/.test(word) && noun !== '' ? noun : word
  return `${namespace}-${thing.replaceAll(/[^a-z0-9]+/g, '-')}${salt > 0 ? `-${salt + 1}` : ''}`
}

const address = (request: SampleRequest) =>
  `${nameText({ ...request, name: 'person', noun: '' })}@example.com`

function uuidText(request: SampleRequest): string {
  const hex = createHash('sha256').update(nameText(request)).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function mailText(request: SampleRequest): string {
  const lines = [
    `To: ${address(request)}`,
    `Subject: ${nameText(request)}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `Written as a test (${request.namespace}).`,
  ]
  return lines.join('\r\n')
}

const isMail = ({ name, description }: SampleRequest) =>
  /rfc ?2?822|rfc ?5322|mime/i.test(description) || /^(raw|mime|eml)$/i.test(name)

function encoded(request: SampleRequest): string {
  const content = Buffer.from(
    isMail(request) ? mailText(request) : `Test content of ${request.namespace}.`,
  )
  const isUrlSafe =
    request.schema['format'] === 'base64url' ||
    /base64-?url|url-?safe|web-?safe/i.test(request.description)
  return content.toString(isUrlSafe ? 'base64url' : 'base64')
}

const sentence = ({ namespace, salt }: SampleRequest) =>
  `Written as a test (${namespace})${salt > 0 ? `, try ${salt + 1}` : ''}.`

const rules: readonly TextRule[] = [
  { formats: 'byte base64 base64url', names: /^raw$/, told: /base64/i, text: encoded },
  {
    formats: 'email idn-email',
    names: /^(email|mail)$/,
    told: /^(the |an? )?(valid )?e-?mail address\b/i,
    text: address,
  },
  {
    formats: 'uri url iri uri-reference',
    names: /^(url|uri|link|website|homepage|href|webhook|callback|domain)$/,
    text: (r) =>
      /domain/i.test(r.name) ? `${r.namespace}.example.com` : `https://example.com/${nameText(r)}`,
  },
  { formats: 'hostname', text: (r) => `${r.namespace}.example.com` },
  { formats: 'uuid', told: /\buuid\b/i, text: uuidText },
  {
    formats: 'date',
    told: /\byyyy-mm-dd\b(?!t)/i,
    names: /^(date|day|birthday|birthdate)$/,
    text: dateText,
  },
  { formats: 'time', text: () => '10:00:00' },
  { formats: 'duration', names: /^duration$/, text: () => 'PT1H' },
  {
    formats: 'date-time google-datetime datetime',
    told: /rfc ?3339|iso ?8601|timestamp/i,
    names:
      /^(at|datetime|time|timestamp|since|until|deadline|due|expiry|expiration|expires|start|end|begin|finish|updated|created|modified|after|before|min|max)$/,
    text: (r) => dateTimeText(sampleTime(r)),
  },
  { formats: 'ipv4', names: /^ip$/, text: () => '192.0.2.1' },
  {
    formats: 'color',
    names: /^colou?r$/,
    text: (r) =>
      /#/.test(r.description) && !/without|no leading/i.test(r.description) ? '#4a86e8' : '4a86e8',
  },
  {
    formats: 'phone',
    names: /^(phone|mobile|fax|tel|telephone|msisdn)$/,
    text: () => '+4915112345678',
  },
  {
    formats: 'timezone',
    names: /^(timezone|zone|tz)$/,
    told: /\b(iana|tz database|time ?zone (name|database))\b/i,
    text: () => 'Europe/Berlin',
  },
  { formats: 'locale', names: /^(locale|language|lang)$/, text: () => 'en' },
  { formats: 'currency', names: /^currency$/, text: () => 'USD' },
  { formats: 'country', names: /^country$/, text: () => 'US' },
  { formats: 'decimal', names: /^(amount|price|cost|total|rate)$/, text: () => '10' },
  {
    formats: 'markdown html',
    names:
      /^(description|body|text|content|message|note|comment|detail|bio|about|reason|remark|instruction|caption|snippet|html|markdown|topic|purpose)$/,
    text: sentence,
  },
]

const hasFormat = ({ formats }: TextRule, format: unknown) =>
  typeof format === 'string' && formats.split(' ').includes(format)

function ruleFor({ schema, name, description }: SampleRequest): TextRule | null {
  const { format } = schema
  const byFormat = rules.find((rule) => hasFormat(rule, format))
  if (byFormat !== undefined) return byFormat
  const last = wordsOf(name).at(-1) ?? ''
  const joined = wordsOf(name).slice(-2).join('')
  const told = rules.find(
    (rule) => rule.told?.test(description) === true && !/^(name|title|subject|summary)$/.test(last),
  )
  return (
    rules.find(({ names }) => names?.test(last) === true || names?.test(joined) === true) ??
    told ??
    null
  )
}

/** A code that looks like the one a description shows, with other digits: `e.g. AB-123`. */
function likeExampleOrName(request: SampleRequest): string {
  const shown =
    /(?:\be\.g\.|\bfor example|\bexample:|\bsuch as)[:,]?\s+["'`]?([A-Z][\w-]*\d[\w-]*)/.exec(
      request.description,
    )?.[1]
  if (shown === undefined || request.isSearch) return nameText(request)
  const hash = createHash('sha256').update(nameText(request)).digest()
  let at = 0
  return shown.replaceAll(/\d/g, () => String((hash[at++ % hash.length] ?? 0) % 10))
}

/** A text that fits the schema, the name and the description of a member, in that order. */
export function sampleText(request: SampleRequest): string {
  const { schema } = request
  const min = numberOf(schema['minLength']) ?? 0
  const max = numberOf(schema['maxLength']) ?? Infinity
  const plain = (ruleFor(request)?.text ?? likeExampleOrName)(request)
  const sized =
    plain.length > max ? plain.slice(0, max).replace(/[^\w]+$/, '') : plain.padEnd(min, 'x')
  const pattern = typeof schema['pattern'] === 'string' ? schema['pattern'] : null
  if (pattern === null || accepts(pattern, sized)) return sized
  return patternText(pattern, min) ?? sized
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)

function accepts(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text)
  } catch {
    return true
  }
}
