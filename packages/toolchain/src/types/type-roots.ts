import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'

/** Where the declarations that a function may see stand on this machine. */
export type TypeRoots = {
  /** Module name to declaration file. */
  readonly paths: Readonly<Record<string, readonly string[]>>
  /** Folder that holds `node/` of @types. */
  readonly typesFolder: string
  /** Folders the compiler must be able to read. */
  readonly folders: readonly string[]
}

/** Finds the declarations of the SDK, zod and Node once; all by real path, so that each type exists once. */
export function findTypeRoots(): TypeRoots {
  const here = createRequire(import.meta.url)
  const sdk = packageFolder(here, '@plumb/sdk')
  const fromSdk = createRequire(join(sdk, 'package.json'))
  const protocol = packageFolder(fromSdk, '@plumb/protocol')
  const zod = packageFolder(fromSdk, 'zod')
  const node = packageFolder(here, '@types/node')
  const undici = packageFolder(createRequire(join(node, 'package.json')), 'undici-types')
  return {
    paths: {
      ...sdkPaths(sdk),
      '@plumb/protocol': [declarationEntry(protocol, 'index')],
      zod: [join(zod, 'index.d.cts')],
      'zod/v4': [join(zod, 'v4', 'index.d.cts')],
    },
    typesFolder: dirname(node),
    folders: [sdk, protocol, zod, node, undici],
  }
}

/** Existing functions import the SDK as `nango` and see its looser types. */
function sdkPaths(sdk: string): Record<string, readonly string[]> {
  const testing = [declarationEntry(sdk, 'testing/index')]
  const nango = [declarationEntry(sdk, 'nango')]
  return {
    '@plumb/sdk': [declarationEntry(sdk, 'index')],
    '@plumb/sdk/config': [declarationEntry(sdk, 'config')],
    '@plumb/sdk/nango': nango,
    '@plumb/sdk/test': testing,
    '@plumb/sdk/testing': testing,
    nango,
    'nango/test': testing,
  }
}

function packageFolder(from: NodeJS.Require, name: string): string {
  for (const folder of from.resolve.paths(name) ?? []) {
    const candidate = join(folder, ...name.split('/'))
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate)
  }
  throw new Error(`The package ${name} is not installed beside ${import.meta.dirname}${sep}.`)
}

/** The built declarations (half the time to check), or the source where it is newer than they are. */
function declarationEntry(folder: string, entry: string): string {
  const built = join(folder, 'dist', `${entry}.d.ts`)
  const source = join(folder, 'src', `${entry}.ts`)
  if (!existsSync(source)) return built
  const builtAt = modifiedAt(join(folder, 'dist', '.tsbuildinfo'))
  const files = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
  const current = files.every((file) => modifiedAt(join(folder, 'src', file)) <= builtAt)
  return current && existsSync(built) ? built : source
}

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
