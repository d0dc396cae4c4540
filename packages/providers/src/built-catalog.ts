import { readFile } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LoadedProvider } from './loaded-provider.js'

/** Beside the built code, and only there: the sources read the entries themselves. */
const builtFile = new URL('./catalog.json', import.meta.url)
const root = fileURLToPath(new URL('..', import.meta.url))

/** The built-in catalog as the build has read it, which costs a fraction of reading it again; null from sources. */
export async function readBuiltCatalog(): Promise<readonly LoadedProvider[] | null> {
  const text = await readFile(builtFile, 'utf8').catch(() => null)
  if (text === null) return null
  return (JSON.parse(text) as LoadedProvider[]).map((entry) =>
    moved(entry, (path) => resolve(root, path)),
  )
}

/** What the build writes. */
export function builtCatalog(
  loaded: ReadonlyMap<string, LoadedProvider>,
): readonly LoadedProvider[] {
  return [...loaded.values()].map((entry) => moved(entry, (path) => relative(root, path)))
}

function moved(entry: LoadedProvider, move: (path: string) => string): LoadedProvider {
  const { path, apiDescription } = entry
  const isFile =
    apiDescription !== null && (isAbsolute(apiDescription) || !apiDescription.includes('://'))
  return {
    ...entry,
    path: move(path),
    apiDescription: isFile ? move(apiDescription) : apiDescription,
  }
}
