import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { catalogProblems } from './catalog-rules.js'
import { problemAt } from './entry-source.js'
import type { ProviderProblem } from './entry-source.js'
import { nameOfFile, providerFiles } from './load-providers.js'
import { readProvider } from './parse-provider.js'
import type { ReadProvider } from './parse-provider.js'

export type ProviderCheck = {
  /** Files that were read. */
  readonly files: number
  /** Names that they define, variants included. */
  readonly names: readonly string[]
  readonly problems: readonly ProviderProblem[]
}

type Entry = Extract<ReadProvider, { ok: true }>

/**
 * Checks every entry of the catalog and of `directories` by the schema and by what a complete entry has.
 * Throws PlumbError `provider-invalid` for a directory that cannot be read.
 */
export async function checkProviders(
  options: { readonly directories?: readonly string[] } = {},
): Promise<ProviderCheck> {
  const files = await providerFiles(options.directories ?? [])
  const read = await Promise.all(
    files.map(async (file) => readProvider(await readFile(file, 'utf8'), file)),
  )
  const entries = read.filter((one): one is Entry => one.ok)
  const problems = [
    ...read.flatMap((one) => (one.ok ? [] : one.problems)),
    ...entries.flatMap(({ provider, source }) => catalogProblems(provider, source)),
    ...entries.flatMap(nameProblems),
    ...entries.flatMap(descriptionProblems),
    ...takenNames(entries),
  ]
  const names = entries.flatMap(({ provider }) => namesOf(provider))
  return { files: files.length, names: [...new Set(names)].sort(), problems }
}

function namesOf({ name, variants = [] }: Entry['provider']): string[] {
  return [name, ...variants.map((one) => one.name)]
}

function nameProblems({ provider: { name }, source }: Entry): ProviderProblem[] {
  const expected = nameOfFile(source.file)
  if (name === expected) return []
  const message = `"name" is "${name}", but the file is named "${expected}".`
  return [problemAt(['name'], source, message)]
}

function descriptionProblems({ provider: { apiDescription }, source }: Entry): ProviderProblem[] {
  if (apiDescription === undefined || /^https:\/\//.test(apiDescription)) return []
  if (existsSync(resolve(dirname(source.file), apiDescription))) return []
  return [
    problemAt(['apiDescription'], source, `"apiDescription" is "${apiDescription}": no such file.`),
  ]
}

/** A variant whose name another entry of the same directory has: one of the two is never found. */
function takenNames(entries: readonly Entry[]): ProviderProblem[] {
  const owners = new Map<string, string>()
  const key = (file: string, name: string) => `${dirname(file)}\n${name}`
  for (const { provider, source } of entries) {
    owners.set(key(source.file, provider.name), source.file)
  }
  return entries.flatMap(({ provider, source }) =>
    (provider.variants ?? []).flatMap(({ name }, at) => {
      const owner = owners.get(key(source.file, name))
      if (owner === undefined) {
        owners.set(key(source.file, name), source.file)
        return []
      }
      return [problemAt(['variants', at, 'name'], source, `"${name}" is already in ${owner}.`)]
    }),
  )
}
