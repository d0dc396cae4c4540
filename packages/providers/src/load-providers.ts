import { readFile, readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PlumbError } from '@plumb/protocol'
import type { Provider, ProviderVariant } from '@plumb/protocol'
import { readBuiltCatalog } from './built-catalog.js'
import type { LoadedProvider } from './loaded-provider.js'

const catalog = fileURLToPath(new URL('../catalog', import.meta.url))

/**
 * Reads the known OAuth endpoints, the built-in catalog and then `directories`, in which a later entry replaces an earlier one of the
 * same name; within a directory an entry of its own wins over a variant. Variants are entries like any other.
 * Throws PlumbError `provider-invalid` for an unreadable entry or directory.
 */
export async function loadProviders(
  options: { readonly directories?: readonly string[] } = {},
): Promise<ReadonlyMap<string, LoadedProvider>> {
  const loaded = new Map(await builtIn())
  for (const directory of options.directories ?? []) await readInto(loaded, directory)
  return loaded
}

async function builtIn(): Promise<[string, LoadedProvider][]> {
  const built = await readBuiltCatalog()
  return built === null ? [...(await readCatalog())] : built.map((one) => [one.provider.name, one])
}

/** The known OAuth endpoints and the entries of the built-in catalog, read from their files. */
export async function readCatalog(): Promise<ReadonlyMap<string, LoadedProvider>> {
  const { loadOAuthEndpoints, oauthEndpointsFile } = await import('./oauth-endpoints.js')
  const path = fileURLToPath(oauthEndpointsFile)
  const loaded = new Map<string, LoadedProvider>()
  for (const provider of await loadOAuthEndpoints()) {
    loaded.set(provider.name, { provider, path, apiDescription: null, tier: 'endpoints' })
  }
  await readInto(loaded, catalog)
  return loaded
}

async function readInto(loaded: Map<string, LoadedProvider>, directory: string): Promise<void> {
  const entries = await Promise.all((await entryFiles(directory)).map(loadEntry))
  for (const entry of [...entries.flatMap(variantsOf), ...entries]) {
    loaded.set(entry.provider.name, entry)
  }
}

/** The files of the built-in catalog and of `directories`, in the order in which they are loaded. */
export async function providerFiles(directories: readonly string[]): Promise<string[]> {
  const found = await Promise.all([catalog, ...directories].map(entryFiles))
  return found.flat()
}

async function entryFiles(given: string): Promise<string[]> {
  const directory = resolve(given)
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
  // Reading YAML is not needed where the catalog was built.
  const { parseProvider } = await import('./parse-provider.js')
  const provider = parseProvider(await readFile(path, 'utf8'), path)
  const fileName = nameOfFile(path)
  if (provider.name !== fileName) {
    throw new PlumbError({
      code: 'provider-invalid',
      message: `${path}: "name" is "${provider.name}", but the file is named "${fileName}".`,
      remedy: 'Give both the same name.',
    })
  }
  return { provider, path, apiDescription: locate(provider.apiDescription, path) }
}

/** The name that the entry in a file must have. */
export function nameOfFile(path: string): string {
  return basename(path).replace(/\.ya?ml$/, '')
}

function variantsOf(entry: LoadedProvider): LoadedProvider[] {
  const { variants = [], ...provider } = entry.provider
  return variants.map((one) => ({ ...entry, provider: variantOf(provider, one) }))
}

function variantOf(
  provider: Provider,
  { name, displayName, docs, auth, baseUrl }: ProviderVariant,
): Provider {
  return {
    ...provider,
    name,
    displayName: displayName ?? provider.displayName,
    docs: docs ?? provider.docs,
    auth: auth ?? provider.auth,
    proxy: { ...provider.proxy, baseUrl: baseUrl ?? provider.proxy.baseUrl },
  }
}

function locate(apiDescription: string | undefined, path: string): string | null {
  if (apiDescription === undefined) return null
  return /^https?:\/\//.test(apiDescription)
    ? apiDescription
    : resolve(dirname(path), apiDescription)
}
