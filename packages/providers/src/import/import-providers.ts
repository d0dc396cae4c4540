import { PlumbError } from '@plumb/protocol'
import { stringify } from 'yaml'
import { entrySource, problemAt } from '../entry-source.js'
import type { EntrySource } from '../entry-source.js'
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
  const { all, skipped } = readEntries(entrySource(text, file, { merge: true }), only)
  const imported: ImportedProvider[] = []
  for (const [name, entry] of all) {
    if (!isWanted(name, only)) continue
    const one = unknownAlias(name, entry, all) ?? importOne(name, withAlias(entry, all))
    if ('reason' in one) skipped.push(one)
    else imported.push(one)
  }
  return { imported, skipped }
}

/** The readable entries by name, and what of the wanted ones is not. */
function readEntries(source: EntrySource, only: readonly string[]) {
  const given = readMap(source)
  const all = new Map<string, ForeignEntry>()
  const skipped: { name: string; reason: string }[] = []
  for (const [name, value] of given) {
    const parsed = foreignEntrySchema.safeParse(value)
    if (parsed.success) all.set(name, parsed.data)
    else if (isWanted(name, only))
      skipped.push({ name, reason: issuesOf(parsed.error, name, source) })
  }
  const known = new Set(given.map(([name]) => name))
  for (const name of only) if (!known.has(name)) skipped.push({ name, reason: 'it is not there.' })
  return { all, skipped }
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

/** So many uses of one anchor are no attack: files of a thousand entries have parts in common. */
const maxAliasCount = 100_000

function readMap(source: EntrySource): [string, unknown][] {
  const { document, file } = source
  const [broken] = document.errors
  if (broken !== undefined) throw unreadable(file, broken.message.split('\n')[0] ?? 'it is no YAML')
  const value = readValue(source)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value)
  }
  throw unreadable(file, 'it is not a map from names to entries')
}

function readValue({ document, file }: EntrySource): unknown {
  try {
    return document.toJS({ maxAliasCount })
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error))
  }
}

function unknownAlias(
  name: string,
  { alias }: ForeignEntry,
  all: ReadonlyMap<string, ForeignEntry>,
): { readonly name: string; readonly reason: string } | null {
  if (alias === undefined || all.has(alias)) return null
  return { name, reason: `its "alias" is "${alias}", which is no readable entry of the file.` }
}

function unreadable(file: string, why: string): PlumbError {
  return new PlumbError({
    code: 'provider-invalid',
    message: `${file} can not be imported: ${why}.`,
    remedy: 'Give a file that maps each provider name to its auth_mode, URLs and proxy.',
  })
}

type Issues = { readonly issues: readonly { path: PropertyKey[]; message: string }[] }

function issuesOf({ issues }: Issues, name: string, source: EntrySource): string {
  return issues
    .map(({ path, message }) => {
      const { line } = problemAt([name, ...path], source, message)
      const what = path.length === 0 ? 'the entry' : `"${path.map(String).join('.')}"`
      return `${what} (line ${line}): ${message}`
    })
    .join('; ')
}
