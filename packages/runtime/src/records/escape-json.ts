/**
 * PostgreSQL keeps neither NUL characters nor halves of surrogate pairs in text. They become U+0001 and what they
 * were: `0`, or the four digits of the half; U+0001 itself becomes U+0001 and `1`.
 */
const mark = '\u0001'
const troubleInText =
  /[\0\u0001]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const markedText = /\u0001(0|1|d[89a-f][0-9a-f]{2})/g
/** In JSON text all of them are escapes; a backslash that is one itself is skipped with what it escapes. */
const troubleInJson = /\\(?:\\|u(0000|0001|d[89a-f][0-9a-f]{2}))/g
const markedJson = /\\(?:\\|u0001(0|1|d[89a-f][0-9a-f]{2}))/g

/** Text that can be stored; texts that differ stay different. */
export function escapeText(text: string): string {
  return text.replace(
    troubleInText,
    (found) => mark + codeOf(found.charCodeAt(0).toString(16).padStart(4, '0')),
  )
}

export function unescapeText(text: string): string {
  if (!text.includes(mark)) return text
  return text.replace(markedText, (_, code: string) => String.fromCharCode(charOf(code)))
}

/** JSON text, as `JSON.stringify` writes it, that can be stored as `jsonb`. */
export function escapeJson(json: string): string {
  if (!/\\u(000[01]|d)/.test(json)) return json
  return json.replace(troubleInJson, (found, code?: string) =>
    code === undefined ? found : `\\u0001${codeOf(code)}`,
  )
}

export function unescapeJson(json: string): string {
  if (!json.includes('\\u0001')) return json
  return json.replace(markedJson, (found, code?: string) =>
    code === undefined ? found : `\\u${charOf(code).toString(16).padStart(4, '0')}`,
  )
}

function codeOf(digits: string): string {
  return digits === '0000' ? '0' : digits === '0001' ? '1' : digits
}

function charOf(code: string): number {
  return Number.parseInt(code, 16)
}
