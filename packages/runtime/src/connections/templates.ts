import { PlumbError } from '@plumb/protocol'
import type { Json } from '@plumb/protocol'
import { interpolate } from '../gateway/base-address.js'

/** What texts of a provider entry may name, as `${group.name}`. */
export type TemplateValues = {
  readonly connectionConfig: Readonly<Record<string, string>>
  readonly credentials?: Readonly<Record<string, string>>
  readonly app?: Readonly<Record<string, string>>
  /** Of `${jwt}`. */
  readonly jwt?: string
}

const placeholder = /\$\{(?:(connectionConfig|credentials|app)\.([\w-]+)|(jwt))\}/g

/** Fills a text as it is. Throws PlumbError `connection-invalid` for a value that is not there. */
export function fillText(template: string, values: TemplateValues): string {
  return template.replace(placeholder, (whole, group: string, name: string) =>
    valueOf(whole, { group, name, values }),
  )
}

/**
 * Fills a URL: what a customer gave can not change which host is called, nor break out of its place.
 * Throws PlumbError `connection-invalid`.
 */
export function fillUrl(template: string, values: TemplateValues): string {
  const pathBegins = /^\w+:\/\/[^/?#]*/.exec(template)?.[0].length ?? 0
  const fill = (part: string, encode: (value: string, name: string) => string) =>
    part.replace(placeholder, (whole, group: string, name: string) =>
      group === 'connectionConfig' ? whole : encode(valueOf(whole, { group, name, values }), name),
    )
  const host = fill(template.slice(0, pathBegins), (value, name) => {
    if (/^[\w.-]+$/.test(value) && !value.includes('..')) return value
    throw unusable(`The value of "${name}" can not be part of the host in "${template}".`, name)
  })
  const safe = host + fill(template.slice(pathBegins), encodeURIComponent)
  return interpolate(safe, values.connectionConfig)
}

/** Fills the value of a header. Throws PlumbError `connection-invalid` for what HTTP can not carry. */
export function fillHeader(template: string, values: TemplateValues): string {
  const filled = fillText(template, values)
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(filled)) return filled
  throw unusable(
    `A value for the header "${template}" holds a line break or another character that HTTP can not carry.`,
    'credential',
  )
}

/** Fills every text inside a JSON value, and leaves its shape alone. */
export function fillJson(template: Json, values: TemplateValues): Json {
  if (typeof template === 'string') return fillText(template, values)
  if (Array.isArray(template)) return template.map((each: Json) => fillJson(each, values))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(
    Object.entries(template).map(([name, each]) => [name, fillJson(each, values)]),
  )
}

function valueOf(
  whole: string,
  o: { readonly group: string; readonly name: string; readonly values: TemplateValues },
): string {
  if (whole === '${jwt}') return o.values.jwt ?? ''
  const group = o.values[o.group as 'credentials' | 'connectionConfig' | 'app'] ?? {}
  const value = Object.hasOwn(group, o.name) ? group[o.name] : undefined
  if (value !== undefined) return value
  throw unusable(`"${o.name}" is missing, which the provider entry needs as "${whole}".`, o.name)
}

function unusable(message: string, name: string): PlumbError {
  return new PlumbError({
    code: 'connection-invalid',
    message,
    remedy: `Correct "${name}" and connect the account again.`,
  })
}
