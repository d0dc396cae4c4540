import type { Candidate } from './candidate-inputs.js'
import { memberText, plainName } from './names.js'
import type { ShapeField } from './shape.js'

/** A member of the request that takes a whole mail message, made from the parts a brief names. */
export type MailRecipe = {
  readonly target: Candidate
  /** The names of the inputs that become part of the message. */
  readonly parts: ReadonlySet<string>
  /** TypeScript for the message. */
  readonly text: string
  readonly declarations: readonly string[]
}

const headers: readonly (readonly [string, RegExp])[] = [
  ['To', /^(to|recipients?|toemails?)$/],
  ['Cc', /^cc$/],
  ['Bcc', /^bcc$/],
  ['From', /^from$/],
  ['Subject', /^(subject|title)$/],
]
const bodyName = /^(body|text|content|message|html)$/

/** Null unless the request has a member for an RFC 2822 message in base64url, and the brief names its parts. */
export function mailRecipe(
  asked: readonly ShapeField[],
  candidates: readonly Candidate[],
): MailRecipe | null {
  const target = candidates.find(
    ({ place, description }) =>
      place === 'body' && /RFC ?2?822/i.test(description) && /base64url/i.test(description),
  )
  const body = asked.find(({ name }) => bodyName.test(plainName(name)))
  const named = headers.flatMap(([header, pattern]) => {
    const field = asked.find(({ name }) => pattern.test(plainName(name)))
    return field === undefined ? [] : [{ header, field }]
  })
  if (target === undefined || body === undefined || named[0]?.header !== 'To') return null
  const entries = named.map(({ header, field }) => `${header}: ${headerValue(field)},`)
  const content = `input${memberText(body.name)}${body.required ? '' : " ?? ''"}`
  return {
    target,
    parts: new Set([body.name, ...named.map(({ field }) => field.name)]),
    text: `encodeMessage({\n${entries.join('\n')}\n}, ${content})`,
    declarations: declarationsFor(/html/i.test(body.name) ? 'text/html' : 'text/plain'),
  }
}

function headerValue(field: ShapeField): string {
  const access = `input${memberText(field.name)}`
  if (field.shape.kind !== 'array') return access
  return `${access}${field.required ? '' : '?'}.join(', ')`
}

function declarationsFor(contentType: string): string[] {
  return [
    '/** A mail message (RFC 2822) in base64url. */',
    'function encodeMessage(headers: Record<string, string | undefined>, body: string): string {',
    'const lines = Object.entries(headers).flatMap(([name, value]) =>',
    'value === undefined ? [] : [`${name}: ${headerText(value)}`],',
    ')',
    `const content = ['MIME-Version: 1.0', 'Content-Type: ${contentType}; charset=utf-8', '', body]`,
    "return Buffer.from([...lines, ...content].join('\\r\\n')).toString('base64url')",
    '}',
    '',
    '/** One line; anything beyond ASCII as an encoded word (RFC 2047). */',
    'function headerText(value: string): string {',
    "const line = value.replace(/[\\r\\n]+/g, ' ')",
    "return /^[\\x20-\\x7e]*$/.test(line) ? line : `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=`",
    '}',
    '',
  ]
}
