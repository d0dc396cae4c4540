import { resolve } from 'node:path'
import type { CompileTools, ProjectCompilation } from '@plumb/toolchain/compile'
import { PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import { defineOperation } from './operation.js'
import type { OperationContext } from './operation.js'

type Development = { readonly compilations: number; readonly failed: number }

/** Names shown on one line; more are told as a number. */
const namesShown = 3

/** `plumb dev`: compiles, and compiles again what changes. */
export const dev = defineOperation({
  name: 'dev',
  summary: 'Compile functions, and again whenever their files change',
  input: z.object({
    directory: z.string().default('.').describe('project or integration folder'),
    once: z.boolean().default(false).describe('compile once and end'),
  }),
  positionals: ['directory'],
  examples: ['plumb dev', 'plumb dev integrations/hubspot'],
  run: async ({ directory, once }, context): Promise<Development> => {
    const { openCompileTools } = await import('@plumb/toolchain/compile')
    const tools = await openCompileTools()
    try {
      const session = new Session(resolve(context.config.directory, directory), tools, context)
      await session.compile()
      if (!once) await session.watch()
      return { compilations: session.compilations, failed: session.failed }
    } finally {
      await tools.close()
    }
  },
  text: ({ compilations }) => `Compiled ${compilations} ${compilations === 1 ? 'time' : 'times'}.`,
  exitCode: ({ failed }) => (failed > 0 ? 1 : 0),
})

class Session {
  compilations = 0
  failed = 0
  readonly #directory: string
  readonly #tools: CompileTools
  readonly #context: OperationContext

  constructor(directory: string, tools: CompileTools, context: OperationContext) {
    this.#directory = directory
    this.#tools = tools
    this.#context = context
  }

  async compile(): Promise<void> {
    const { compileProject } = await import('@plumb/toolchain/compile')
    const { signal, progress } = this.#context
    const start = performance.now()
    const done = await compileProject({ directory: this.#directory, tools: this.#tools, signal })
    this.compilations += 1
    this.failed = done.failed
    for (const line of linesOf(done, performance.now() - start)) progress(line)
  }

  /** Ends when the person does; a folder that has no functions for a moment is no reason to end. */
  async watch(): Promise<void> {
    const { findProjectRoot, watchFolder } = await import('@plumb/toolchain/compile')
    const { signal, progress } = this.#context
    const folder = await findProjectRoot(this.#directory)
    progress(`Watching ${folder}; end with Ctrl-C.`)
    const onChange = (): Promise<void> =>
      this.compile().catch((error: unknown) => {
        if (!(error instanceof PlumbError)) throw error
        if (!signal.aborted) progress(`${error.message} ${error.remedy}`)
      })
    await watchFolder({ folder, onChange, signal })
  }
}

/** One line per compilation, and one per error. */
function linesOf({ built, errors, compiled, functions }: ProjectCompilation, ms: number): string[] {
  if (built.length === 0 && errors.length === 0) return []
  const names = built.slice(0, namesShown).join(', ')
  const more = built.length > namesShown ? ` and ${built.length - namesShown} more` : ''
  const what = built.length === 0 ? 'nothing to compile' : `${names}${more}`
  const state = errors.length === 0 ? 'ok' : `${errors.length} errors`
  return [
    `${state}: ${what} (${(ms / 1000).toFixed(1)} s; ${compiled} of ${functions} compile)`,
    ...errors.slice(0, 20).map(({ path, line, column, code, message }) => {
      const [first = ''] = message.split('\n')
      return `  ${path}:${line}:${column} ${code} ${first}`
    }),
  ]
}
