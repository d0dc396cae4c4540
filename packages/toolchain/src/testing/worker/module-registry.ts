import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Script, constants } from 'node:vm'
import { environment } from '../../config.js'
import { transformModuleNow } from '../transform-module.js'
import type { SourceModule } from './messages.js'

type Exports = Record<string, unknown>
type Require = (specifier: string) => unknown
type ModuleScope = {
  readonly exports: Exports
  readonly require: Require
  readonly module: { exports: unknown }
  readonly fileName: string
  readonly directory: string
  readonly meta: object
}
type ModuleBody = (scope: ModuleScope) => unknown
type Compiled = { readonly source: SourceModule; readonly body: ModuleBody }
type MockFactory = (importOriginal: () => Promise<unknown>) => unknown
type Mocked = { readonly factory: MockFactory | null; value?: unknown }

const scriptSuffixes = [
  '',
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.js',
  '.mjs',
  '.cjs',
  '.json',
  '/index.ts',
  '/index.js',
]

/**
 * Evaluates the modules of a project anew for every test file, from code that is compiled once.
 * `provided` are the modules that stand in for what a project need not install.
 */
export class ModuleRegistry {
  readonly #provided: ReadonlyMap<string, unknown>
  readonly #compiled = new Map<string, Compiled>()
  readonly #requires = new Map<string, NodeJS.Require>()
  #instances = new Map<string, { exports: unknown }>()
  #mocks = new Map<string, Mocked>()

  constructor(provided: ReadonlyMap<string, unknown>) {
    this.#provided = provided
  }

  add(sources: readonly SourceModule[]): void {
    for (const source of sources) this.#compiled.set(source.path, compile(source))
  }

  /** Forgets the compiled code of earlier files. */
  forget(): void {
    this.#compiled.clear()
    this.#requires.clear()
  }

  /** Forgets every evaluated module, so that the next import evaluates anew. */
  reset(): void {
    this.#instances = new Map()
  }

  resetMocks(): void {
    this.#mocks = new Map()
  }

  /** Evaluates the file at `path`; waits for it where it waits at its top level. */
  async import(path: string): Promise<unknown> {
    const found = this.#instances.get(path)
    if (found) return found.exports
    const compiled = this.#compiledOf(path)
    const module = this.#instantiate(compiled)
    await this.#evaluate(compiled, module)
    return module.exports
  }

  mock(specifier: string, { from, factory }: { from: string; factory: MockFactory | null }): void {
    this.#mocks.set(this.#identify(specifier, from), { factory })
  }

  unmock(specifier: string, from: string): void {
    this.#mocks.delete(this.#identify(specifier, from))
  }

  /** Runs the async factories of mocked modules, which an import could not wait for. */
  async settleMocks(from: string): Promise<void> {
    for (const [id, mocked] of this.#mocks) {
      if (!mocked.factory || 'value' in mocked) continue
      if (mocked.factory.constructor.name !== 'AsyncFunction') continue
      mocked.value = asModule(await mocked.factory(async () => this.importActual(id, from)))
    }
  }

  /** The real module, whether or not it is mocked. */
  importActual(specifier: string, from: string): unknown {
    const id = this.#identify(specifier, from)
    return this.#load(id, from)
  }

  importMock(specifier: string, from: string, automock: (value: unknown) => unknown): unknown {
    const id = this.#identify(specifier, from)
    const mocked = this.#mocks.get(id)
    return mocked ? this.#mockedValue(id, { mocked, from }) : automock(this.#load(id, from))
  }

  automock: (value: unknown) => unknown = (value) => value

  #require(specifier: string, from: string): unknown {
    const id = this.#identify(specifier, from)
    const mocked = this.#mocks.get(id)
    return mocked ? this.#mockedValue(id, { mocked, from }) : this.#load(id, from)
  }

  #mockedValue(id: string, { mocked, from }: { mocked: Mocked; from: string }): unknown {
    if (!('value' in mocked)) {
      const value = mocked.factory
        ? mocked.factory(async () => this.#load(id, from))
        : this.automock(this.#load(id, from))
      mocked.value = asModule(value)
    }
    return mocked.value
  }

  /** A path for what is relative or absolute, else the name as it is written. */
  #identify(specifier: string, from: string): string {
    const link = this.#compiled.get(from)?.source.links[specifier]
    if (link !== undefined) return link
    if (!/^\.{0,2}\//.test(specifier)) return specifier
    return findSource(resolve(dirname(from), specifier)) ?? resolve(dirname(from), specifier)
  }

  #load(id: string, from: string): unknown {
    const provided = this.#provided.get(id)
    if (provided !== undefined) return provided
    if (!id.startsWith('/')) return this.#external(id, from)
    const found = this.#instances.get(id)
    if (found) return found.exports
    const compiled = this.#compiledOf(id)
    if (compiled.source.form === 'async-body') {
      throw new SyntaxError(`${id} waits at its top level, which only a test file itself may do.`)
    }
    const module = this.#instantiate(compiled)
    void this.#evaluate(compiled, module)
    return module.exports
  }

  #external(name: string, from: string): unknown {
    return this.#requireFrom(from)(name)
  }

  #requireFrom(path: string): NodeJS.Require {
    const folder = dirname(path)
    const found = this.#requires.get(folder)
    if (found) return found
    const made = createRequire(path)
    this.#requires.set(folder, made)
    return made
  }

  #compiledOf(path: string): Compiled {
    const found = this.#compiled.get(path)
    if (found) return found
    if (!existsSync(path)) throw notFound(path)
    const source = transformModuleNow(path, readFileSync(path, 'utf8'))
    const compiled = compile(source)
    this.#compiled.set(path, compiled)
    return compiled
  }

  #instantiate({ source }: Compiled): { exports: unknown } {
    const module = { exports: {} }
    this.#instances.set(source.path, module)
    return module
  }

  #evaluate({ source, body }: Compiled, module: { exports: unknown }): unknown {
    const { path } = source
    const require = (specifier: string) => this.#require(specifier, path)
    const meta = {
      url: pathToFileURL(path).href,
      dirname: dirname(path),
      filename: path,
      env: environment(),
      import: async (specifier: string) => asNamespace(require(specifier)),
    }
    try {
      return body({
        exports: module.exports as Exports,
        require,
        module,
        fileName: path,
        directory: meta.dirname,
        meta,
      })
    } catch (error) {
      this.#instances.delete(path)
      throw error
    }
  }
}

function compile(source: SourceModule): Compiled {
  const { form, code, path } = source
  const start = form === 'async-body' ? '(async function' : '(function'
  const names =
    '{ exports, require, module, fileName: __filename, directory: __dirname, meta: __importMeta }'
  const script = new Script(`${start} (${names}) {${code}\n})`, {
    filename: path,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  return { source, body: script.runInThisContext() as ModuleBody }
}

function notFound(path: string): Error {
  const error = new Error(`There is no module at ${path}, which is imported.`)
  return Object.assign(error, { reason: 'does-not-compile' })
}

/** The file that an import of `path` means: as it is, TypeScript in place of JavaScript, or a folder's index. */
export function findSource(path: string): string | undefined {
  const asTypeScript = path.replace(/\.([cm]?)js$/, '.$1ts')
  const candidates = [asTypeScript, ...scriptSuffixes.map((suffix) => `${path}${suffix}`)]
  return candidates.find((one) => existsSync(one) && statSync(one).isFile())
}

function asModule(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || '__esModule' in value) return value
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(value), __esModule: { value: true } },
  )
}

function asNamespace(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || '__esModule' in value) return value
  return { ...value, default: value }
}
