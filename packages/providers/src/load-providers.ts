import { readFile, readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PlumbError } from '@plumb/protocol'
import type { Provider } from '@plumb/protocol'
import { parseProvider } from './parse-provider.js'

export type LoadedProvider = {
  readonly provider: Provider
  /** Absolute path of the entry. */
  readonly path: string
  /** Absolute path or URL. */
  readonly apiDescription: string | null
}

const catalog = fileURLToPath(new URL('../catalog', import.meta.url))

/**
 * Reads the built-in catalog and then `directories`, in which a later entry replaces an earlier one of the
 * same name. Throws PlumbError `provider-invalid` for an unreadable entry or directory.
 */
export async function loadProviders(
  options: { readonly directories?: readonly string[] } = {},
): Promise<ReadonlyMap<string, LoadedProvider>> {
  const loaded = new Map<string, LoadedProvider>()
  for (const directory of [catalog, ...(options.directories ?? [])]) {
    for (const path of await entriesOf(resolve(directory))) {
      const entry = await loadEntry(path)
      loaded.set(entry.provider.name, entry)
    }
  }
  return loaded
}

async function entriesOf(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw new PlumbError({
      code: 'provider-invalid',
      message: `The provider directory "${directory}" cannot be read.`,
      remedy: 'Create the directory, or take it out of the configuration.',
      cause,
    })
  })
  const entries = names.filter((name) => /\.ya?ml$/.test(name))
  return entries.sort().map((name) => join(directory, name))
}

async function loadEntry(path: string): Promise<LoadedProvider> {
  const provider = parseProvider(await readFile(path, 'utf8'), path)
  const fileName = basename(path).replace(/\.ya?ml$/, '')
  if (provider.name !== fileName) {
    throw new PlumbError({
      code: 'provider-invalid',
      message: `${path}: "name" is "${provider.name}", but the file is named "${fileName}".`,
      remedy: 'Give both the same name.',
    })
  }
  return { provider, path, apiDescription: locate(provider.apiDescription, path) }
}

function locate(apiDescription: string | undefined, path: string): string | null {
  if (apiDescription === undefined) return null
  return /^https?:\/\//.test(apiDescription)
    ? apiDescription
    : resolve(dirname(path), apiDescription)
}
