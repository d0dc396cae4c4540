import { readFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { environment } from '../../config.js'
import { missingPackage } from './missing-package.js'
import { ProjectSources } from './project-sources.js'

type MockFactory = (importOriginal: () => Promise<unknown>) => unknown
type Mocked = { readonly factory: MockFactory | null; value?: Promise<unknown> }
type Instance = { readonly exports: object; done?: Promise<unknown> }
/** The files whose import led to a module, itself last. */
type Importers = readonly string[]
type Place = { readonly from: string; readonly importers: Importers }

/**
 * Evaluates the modules of a project anew for every test file, from code that is compiled once.
 * `provided` are the modules that stand in for what a project need not install.
 */
export class ModuleRegistry {
  readonly #provided: ReadonlyMap<string, unknown>
  readonly #sources = new ProjectSources()
  readonly #packages = new Map<string, unknown>()
  #aliases: readonly Alias[] = []
  #instances = new Map<string, Instance>()
  #mocks = new Map<string, Mocked>()

  constructor(provided: ReadonlyMap<string, unknown>) {
    this.#provided = provided
  }

  /** Forgets every evaluated module, so that the next import evaluates anew. */
  reset(): void {
    this.#instances = new Map()
  }

  /** Leaves nothing of a test file but the code of what it imported. */
  forget(file: string): void {
    this.reset()
    this.#mocks = new Map()
    this.#sources.drop(file)
  }

  /** Names and beginnings of paths that a project writes in place of others. */
  alias(aliases: readonly Alias[]): void {
    this.#aliases = aliases
  }

  /** Evaluates the file at `path` unless it was, and waits for it. */
  import(path: string): Promise<unknown> {
    return this.#load(path, { from: path, importers: [] })
  }

  mock(specifier: string, { from, factory }: { from: string; factory: MockFactory | null }): void {
    this.#mocks.set(this.#identify(specifier, from), { factory })
  }

  unmock(specifier: string, from: string): void {
    this.#mocks.delete(this.#identify(specifier, from))
  }

  /** The real module, whether or not it is mocked. */
  importActual(specifier: string, from: string): Promise<unknown> {
    return this.#load(this.#identify(specifier, from), { from, importers: [] })
  }

  async importMock(specifier: string, from: string): Promise<unknown> {
    const id = this.#identify(specifier, from)
    const place = { from, importers: [] }
    const mocked = this.#mocks.get(id)
    return mocked
      ? this.#mockedValue(id, mocked, place)
      : this.automock(await this.#load(id, place))
  }

  automock: (value: unknown) => unknown = (value) => value

  #import(specifier: string, place: Place): Promise<unknown> {
    const id = this.#identify(specifier, place.from)
    const mocked = this.#mocks.get(id)
    return mocked ? this.#mockedValue(id, mocked, place) : this.#load(id, place)
  }

  #mockedValue(id: string, mocked: Mocked, place: Place): Promise<unknown> {
    const original = () => this.#load(id, place)
    mocked.value ??= (async () =>
      mocked.factory ? mocked.factory(original) : this.automock(await original()))()
    return mocked.value
  }

  /** A path for what is relative or absolute, else the name as it is written. */
  #identify(written: string, from: string): string {
    const specifier = this.#aliases.length > 0 ? withAlias(written, this.#aliases) : written
    if (specifier.startsWith('file:')) return new URL(specifier).pathname
    if (!/^\.{0,2}(\/|$)/.test(specifier)) return specifier
    const path = resolve(dirname(from), specifier)
    return this.#sources.find(path) ?? path
  }

  async #load(id: string, { from, importers }: Place): Promise<unknown> {
    const provided = this.#provided.get(id)
    if (provided !== undefined) return provided
    if (!id.startsWith('/')) return this.#packageOf(id, from)
    const found = this.#instances.get(id)
    if (found) {
      // Modules that import each other see what there is so far; waiting would never end.
      if (!importers.includes(id)) await found.done
      return found.exports
    }
    const instance: Instance = { exports: emptyModule() }
    this.#instances.set(id, instance)
    instance.done = this.#evaluate(id, instance.exports, [...importers, id])
    await instance.done
    return instance.exports
  }

  async #evaluate(path: string, exports: object, importers: Importers): Promise<void> {
    if (path.endsWith('.json')) {
      const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
      Object.assign(exports, value, { default: value })
      return
    }
    const body = this.#sources.bodyOf(path)
    const load = (specifier: string) => this.#import(specifier, { from: path, importers })
    const module = { exports }
    await body({
      __vite_ssr_exports__: exports,
      __vite_ssr_import__: load,
      __vite_ssr_dynamic_import__: load,
      __vite_ssr_exportAll__: (from) => exportAll(exports, from),
      __vite_ssr_import_meta__: metaOf(path),
      require: (specifier) => this.#require(specifier, path),
      ...{ exports, module, __filename: path, __dirname: dirname(path) },
    })
    if (module.exports !== exports) exportAll(exports, asNamespace(module.exports), true)
  }

  #require(specifier: string, from: string): unknown {
    return this.#provided.get(specifier) ?? createRequire(from)(specifier)
  }

  /** A package or a part of Node, as the importing file finds it. */
  async #packageOf(name: string, from: string): Promise<unknown> {
    const key = isBuiltin(name) ? name : `${name} from ${dirname(from)}`
    if (!this.#packages.has(key)) this.#packages.set(key, await packageNamed(name, from))
    return this.#packages.get(key)
  }
}

/** What is written, or how a path that is written begins, and what is meant. */
export type Alias = { readonly written: string; readonly meant: string }

function withAlias(specifier: string, aliases: readonly Alias[]): string {
  for (const { written, meant } of aliases) {
    if (specifier === written) return meant
    const folder = written.endsWith('/') ? written : `${written}/`
    if (specifier.startsWith(folder)) {
      return `${meant.replace(/\/$/, '')}/${specifier.slice(folder.length)}`
    }
  }
  return specifier
}

async function packageNamed(name: string, from: string): Promise<unknown> {
  if (isBuiltin(name)) return import(name)
  const require = createRequire(from)
  try {
    return asNamespace(require(name))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_REQUIRE_ASYNC_MODULE' || code === 'ERR_REQUIRE_ESM') {
      return import(pathToFileURL(require.resolve(name)).href)
    }
    const absent = code === 'MODULE_NOT_FOUND' ? missingPackage(name) : undefined
    if (absent) return absent
    throw error
  }
}

function metaOf(path: string): object {
  const directory = dirname(path)
  return {
    ...{ url: pathToFileURL(path).href, dirname: directory, filename: path, env: environment() },
    resolve: (specifier: string) => pathToFileURL(createRequire(path).resolve(specifier)).href,
  }
}

function emptyModule(): object {
  return Object.defineProperty(Object.create(null) as object, Symbol.toStringTag, {
    value: 'Module',
  })
}

function exportAll(exports: object, from: object, withDefault = false): void {
  for (const key of Object.keys(from)) {
    if ((key === 'default' && !withDefault) || key in exports) continue
    const get = () => (from as Record<string, unknown>)[key]
    Object.defineProperty(exports, key, { enumerable: true, configurable: true, get })
  }
}

/** A CommonJS module as an import sees it. */
function asNamespace(value: unknown): object {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null)
    return { default: value }
  if ('__esModule' in value) return value
  return { ...value, default: value }
}
