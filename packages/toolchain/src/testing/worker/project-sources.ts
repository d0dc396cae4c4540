import { readFileSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { Script } from 'node:vm'
import { transformModule } from '../transform-module.js'

/** What a module's code finds around it; the names are those of the transform. */
export type ModuleScope = {
  readonly __vite_ssr_exports__: object
  readonly __vite_ssr_import__: (specifier: string) => Promise<unknown>
  readonly __vite_ssr_dynamic_import__: (specifier: string) => Promise<unknown>
  readonly __vite_ssr_exportAll__: (module: object) => void
  readonly __vite_ssr_import_meta__: object
  readonly require: (specifier: string) => unknown
  readonly exports: object
  readonly module: { exports: unknown }
  readonly __filename: string
  readonly __dirname: string
}

export type ModuleBody = (scope: ModuleScope) => Promise<void>

const names = [
  ...['__vite_ssr_exports__', '__vite_ssr_import__', '__vite_ssr_dynamic_import__'],
  ...['__vite_ssr_exportAll__', '__vite_ssr_import_meta__'],
  ...['require', 'exports', 'module', '__filename', '__dirname'],
].join(', ')

const suffixes = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json']
const indexes = ['/index.ts', '/index.js']

/** So many modules are kept compiled: what many files import, in memory that does not grow. */
const keepAtMost = 1500

/** The source files of a project, each found, read and compiled once. */
export class ProjectSources {
  readonly #bodies = new Map<string, ModuleBody>()
  readonly #found = new Map<string, string | undefined>()

  /** The code of the file at `path`. Throws when there is none, or it does not compile. */
  bodyOf(path: string): ModuleBody {
    const known = this.#bodies.get(path)
    if (known) return known
    const body = compile(path, readSource(path))
    this.#bodies.set(path, body)
    return body
  }

  /** The file that an import of `path` means: as it is, TypeScript in place of JavaScript, or a folder's index. */
  find(path: string): string | undefined {
    if (!this.#found.has(path)) this.#found.set(path, findSource(path))
    return this.#found.get(path)
  }

  /** Lets go of a file that nothing else imports, and of all when they are many. */
  drop(path: string): void {
    this.#bodies.delete(path)
    if (this.#bodies.size > keepAtMost) this.#bodies.clear()
    if (this.#found.size > 4 * keepAtMost) this.#found.clear()
  }
}

function compile(path: string, text: string): ModuleBody {
  const isScript = extname(path) === '.cjs'
  const head = `${isScript ? '' : `'use strict';`}(async ({ ${names} }) => {`
  const code = isScript ? text : transformModule(path, text)
  const script = new Script(`${head}\n${code}\n})`, { filename: path, lineOffset: -1 })
  return script.runInThisContext() as ModuleBody
}

function readSource(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    const error = new Error(`There is no module at ${path}, which is imported.`)
    throw Object.assign(error, { reason: 'does-not-compile' })
  }
}

function findSource(path: string): string | undefined {
  const asTypeScript = path.replace(/\.([cm]?)js$/, '.$1ts')
  const candidates = [asTypeScript, ...[...suffixes, ...indexes].map((end) => `${path}${end}`)]
  return candidates.find((one) => statSync(one, { throwIfNoEntry: false })?.isFile())
}
