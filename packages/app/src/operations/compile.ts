import { resolve } from 'node:path'
import { z } from 'zod'
import type { Diagnostic } from '@plumb/toolchain/compile'
import { makeFolder } from '../make-folder.js'
import { defineOperation } from './operation.js'
import { renderDiagnostics } from './render-diagnostics.js'

type Compiled = {
  readonly ok: boolean
  readonly directory: string
  readonly functions: number
  readonly compiled: number
  readonly unchanged: number
  readonly failed: number
  /** How many there are; they are among `diagnostics` when asked for. */
  readonly warnings: number
  readonly warningsByRule: Readonly<Record<string, number>>
  readonly diagnostics: readonly Diagnostic[]
  readonly seconds: number
  /** Of this process and those below it. */
  readonly cpuSeconds: number
  readonly peakMemoryBytes: number
  readonly manifest: string
}

/** `plumb compile`: every function of a project to one bundle each, with its definition. */
export const compile = defineOperation({
  name: 'compile',
  summary: 'Check the types of functions and bundle each into one file',
  input: z.object({
    directory: z.string().default('.').describe('project, integration folder or file'),
    out: z.string().optional().describe('folder for manifest, bundles and cache (default: .plumb)'),
    cache: z.boolean().default(true).describe('compile everything anew'),
    warnings: z.boolean().default(false).describe('show warnings too'),
    strict: z.boolean().default(false).describe('count warnings as errors'),
  }),
  positionals: ['directory'],
  examples: ['plumb compile', 'plumb compile integrations/hubspot --warnings'],
  run: async (input, { config, signal, progress }): Promise<Compiled> => {
    const start = performance.now()
    const { compileProject, watchPeakMemory } = await import('@plumb/toolchain/compile')
    const outDirectory = input.out === undefined ? undefined : resolve(config.directory, input.out)
    if (outDirectory !== undefined) await makeFolder(outDirectory)
    const memory = watchPeakMemory()
    const compilation = await compileProject({
      directory: resolve(config.directory, input.directory),
      ...(outDirectory !== undefined && { outDirectory }),
      cache: input.cache,
      signal,
      onProgress: progress,
    })
    const { errors, warnings, directory, manifest, ...counts } = compilation
    return {
      ok: errors.length === 0 && !(input.strict && warnings.length > 0),
      directory,
      functions: counts.functions,
      compiled: counts.compiled,
      unchanged: counts.unchanged,
      failed: counts.failed,
      warnings: warnings.length,
      warningsByRule: countsOf(warnings.map(({ code }) => code)),
      diagnostics: input.warnings || input.strict ? [...errors, ...warnings] : errors,
      seconds: (performance.now() - start) / 1000,
      peakMemoryBytes: memory.stop(),
      cpuSeconds: memory.cpuSeconds(),
      manifest,
    }
  },
  text: (result) => [...renderDiagnostics(result.diagnostics), summaryOf(result)].join('\n'),
  exitCode: ({ ok }) => (ok ? 0 : 1),
})

/** How often each word occurs, the most frequent first. */
function countsOf(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a))
}

function summaryOf(result: Compiled): string {
  const { functions, compiled, unchanged, failed, warnings, seconds } = result
  const counts = [
    `${compiled} of ${functions} functions compile`,
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(warnings > 0 ? [`${warnings} warnings (--warnings shows them)`] : []),
  ]
  const mebibytes = Math.round(result.peakMemoryBytes / 2 ** 20)
  const cost = `${seconds.toFixed(1)} s, ${result.cpuSeconds.toFixed(1)} s of CPU, ${mebibytes} MiB`
  return `${counts.join(', ')} (${cost}).\n${result.manifest}`
}
