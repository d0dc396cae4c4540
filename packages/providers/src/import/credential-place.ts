import type { ForeignEntry } from './foreign-entry.js'

type Placement = { readonly header?: string; readonly query?: string; readonly prefix?: string }

/** The header or query parameter that is `${secret}` with nothing behind it; `used` names it. */
export function placementOf(
  { proxy }: ForeignEntry,
  secret: string,
): { readonly placement: Placement; readonly used: string } | null {
  const mark = `\${${secret}}`
  for (const [name, value] of entriesOf(proxy?.headers)) {
    if (!value.endsWith(mark)) continue
    const prefix = value.slice(0, -mark.length)
    const placement = { header: name, ...(prefix !== '' && { prefix }) }
    return { placement, used: `headers ${name}` }
  }
  const query = entriesOf(proxy?.query).find(([, value]) => value === mark)
  return query ? { placement: { query: query[0] }, used: `query ${query[0]}` } : null
}

function entriesOf(given: Readonly<Record<string, unknown>> = {}): [string, string][] {
  return Object.entries(given).map(([name, value]) => [name, String(value)])
}

/** What a customer types in, and a way to write its placeholders as ours. */
export function credentialsOf({ credentials = {} }: ForeignEntry) {
  const fields = Object.entries(credentials).map(([name, field]) => {
    const { title = name, description, example, secret } = field
    const shown = {
      title,
      ...(description !== undefined && { description }),
      ...(example !== undefined && { example: String(example) }),
      ...(secret === false && { secret }),
    }
    return [name, shown] as const
  })
  const names = new Set(Object.keys(credentials))
  const replace = (text: string): string =>
    text.replace(/\$\{(?:credentials?\.)?(\w+)\}/g, (whole, name: string) =>
      names.has(name) ? `\${credentials.${name}}` : whole,
    )
  return {
    fields: Object.fromEntries(fields),
    filled: (value: unknown) => mapTexts(value, replace),
  }
}

export function withoutKeys(
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)))
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, map))
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, one]) => [name, mapTexts(one, map)] as const)
  return Object.fromEntries(members)
}
