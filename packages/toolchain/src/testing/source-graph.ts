import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { transformModule } from './transform-module.js'
import { findSource } from './worker/module-registry.js'
import type { SourceModule } from './worker/messages.js'

const relativeImports = /(?:require|__importMeta\.import)\("(\.[^"]*)"\)/g
const mockedPaths = /\bvi(?:test)?\.(?:mock|doMock|importActual|importMock)\(\s*"(\.[^"]*)"/g

/** The sources of a project, each read and transformed once, and what they import from one another. */
export class SourceGraph {
  readonly #modules = new Map<string, Promise<SourceModule>>()
  readonly #found = new Map<string, string | undefined>()

  /** `entry` and everything it imports by a relative path. Rejects when one of them does not compile. */
  async modulesOf(entries: readonly string[]): Promise<SourceModule[]> {
    const modules = new Map<string, SourceModule>()
    let wave = [...entries]
    while (wave.length > 0) {
      const loaded = await Promise.all(wave.map((path) => this.#moduleOf(path)))
      for (const module of loaded) modules.set(module.path, module)
      const next = loaded.flatMap((module) => Object.values(module.links))
      wave = [...new Set(next)].filter((path) => !modules.has(path))
    }
    return [...modules.values()]
  }

  /** Lets go of a file that nothing else imports. */
  drop(path: string): void {
    this.#modules.delete(path)
  }

  #moduleOf(path: string): Promise<SourceModule> {
    const found = this.#modules.get(path)
    if (found) return found
    const made = this.#read(path)
    this.#modules.set(path, made)
    return made
  }

  async #read(path: string): Promise<SourceModule> {
    const module = await transformModule(path, readFileSync(path, 'utf8'))
    const specifiers = [
      ...module.code.matchAll(relativeImports),
      ...module.code.matchAll(mockedPaths),
    ]
    const links: Record<string, string> = {}
    for (const [, specifier = ''] of specifiers) {
      const target = this.#find(resolve(dirname(path), specifier))
      if (target !== undefined) links[specifier] = target
    }
    return { ...module, links }
  }

  #find(path: string): string | undefined {
    if (!this.#found.has(path)) this.#found.set(path, findSource(path))
    return this.#found.get(path)
  }
}
