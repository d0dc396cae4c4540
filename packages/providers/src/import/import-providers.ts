import { PlumbError } from '@plumb/protocol'
import { parse, stringify, YAMLParseError } from 'yaml'
import { readProvider } from '../parse-provider.js'
import { convertEntry } from './convert-entry.js'
import { foreignEntrySchema, withAlias } from './foreign-entry.js'
import type { ForeignEntry } from './foreign-entry.js'

export type ImportedProvider = {
  readonly name: string
  /** The entry as a file of its own. */
  readonly yaml: string
  /** What of it was left out, a sentence each. */
  readonly left: readonly string[]
}

export type ProviderImport = {
  readonly imported: readonly ImportedProvider[]
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
}

/**
 * Reads a `providers.yaml` of the widespread form (a map from name to `auth_mode`, `authorization_url`, `proxy`, ...)
 * into entries of ours. Throws PlumbError `provider-invalid` for a text that is no such map.
 */
export function importProviders(
  text: string,
  file: string,
  only: readonly string[] = [],
): ProviderImport {
  const given = readMap(text, file)
  const all = new Map<string, ForeignEntry>()
  const skipped: { name: string; reason: string }[] = []
  for (const [name, value] of given) {
    const parsed = foreignEntrySchema.safeParse(value)
    if (parsed.success) all.set(name, parsed.data)
    else if (isWanted(name, only)) skipped.push({ name, reason: issueOf(parsed.error) })
  }
  const imported: ImportedProvider[] = []
  for (const [name, entry] of all) {
    if (!isWanted(name, only)) continue
    const one = importOne(name, withAlias(entry, all))
    if ('reason' in one) skipped.push(one)
    else imported.push(one)
  }
  const known = new Set(given.map(([name]) => name))
  for (const name of only) if (!known.has(name)) skipped.push({ name, reason: 'it is not there.' })
  return { imported, skipped }
}

function isWanted(name: string, only: readonly string[]): boolean {
  return only.length === 0 || only.includes(name)
}

function importOne(
  name: string,
  foreign: ForeignEntry,
): ImportedProvider | { readonly name: string; readonly reason: string } {
  const converted = convertEntry(name, foreign)
  if (converted.kind === 'skipped') return { name, reason: converted.reason }
  const yaml = stringify(converted.entry)
  const read = readProvider(yaml, `${name}.yaml`)
  if (read.ok) return { name, yaml, left: converted.left }
  return { name, reason: read.problems.map(({ message }) => message).join(' ') }
}

function readMap(text: string, file: string): [string, unknown][] {
  const value: unknown = parseText(text, file)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value)
  }
  throw unreadable(file, 'it is not a map from names to entries')
}

function parseText(text: string, file: string): unknown {
  try {
    return parse(text, { maxAliasCount: 1000 })
  } catch (error) {
    const why = error instanceof YAMLParseError ? error.message.split('\n')[0] : String(error)
    throw unreadable(file, why ?? 'it is no YAML')
  }
}

function unreadable(file: string, why: string): PlumbError {
  return new PlumbError({
    code: 'provider-invalid',
    message: `${file} can not be imported: ${why}.`,
    remedy: 'Give a file that maps each provider name to its auth_mode, URLs and proxy.',
  })
}

function issueOf(error: { readonly issues: readonly { path: PropertyKey[]; message: string }[] }) {
  return error.issues
    .map(({ path, message }) => `"${path.map(String).join('.')}": ${message}`)
    .join('; ')
}
