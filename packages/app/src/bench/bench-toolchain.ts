import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { generateProject } from '@plumb/testbed/collection'
import type { OperationContext } from '../operations/operation.js'
import { measureProcess } from './measure-process.js'
import type { ProcessCost } from './measure-process.js'
import {
  copyForRival,
  plumbContender,
  rivalContender,
  toolchainSteps,
} from './toolchain-contender.js'
import type { Contender, Outcome, ToolchainStep } from './toolchain-contender.js'

export type ToolchainMeasurement = {
  readonly functions: number
  readonly step: ToolchainStep
  readonly toolchain: string
  /** The median of each over all rounds. */
  readonly cost: ProcessCost
  readonly rounds: number
  readonly outcome: Outcome
  /** How many times the cost of Plumb in the same step; null for Plumb itself. */
  readonly ratio: ProcessCost | null
}

export type BenchOptions = {
  /** Sizes of the projects to generate. */
  readonly sizes: readonly number[]
  /** An existing project, instead of generated ones. */
  readonly project: string | null
  /** The node_modules folder in which the rival is installed. */
  readonly rival: string | null
  readonly rounds: number
}

type Run = { readonly toolchain: string; readonly step: ToolchainStep } & Measured
type Measured = { readonly cost: ProcessCost; readonly outcome: Outcome }
type Entrant = { readonly name: string; readonly contender: Contender; readonly variant?: string }

/** Vitest alone takes more than half a second a file: beyond this its default mode is left out. */
const isolatedRivalLimit = 400

/** Compiles and tests projects with this toolchain and, where given, with the rival; rounds are interleaved. Linux only. */
export async function benchToolchain(
  options: BenchOptions,
  context: OperationContext,
): Promise<ToolchainMeasurement[]> {
  const sizes: readonly (number | null)[] = options.project === null ? options.sizes : [null]
  const measurements: ToolchainMeasurement[] = []
  for (const size of sizes) {
    const root = await mkdtemp(join(tmpdir(), 'plumb-bench-toolchain-'))
    try {
      measurements.push(...(await benchProject({ ...options, root, size }, context)))
    } finally {
      await rm(root, { recursive: true, force: true })
    }
  }
  return measurements
}

type ProjectBench = BenchOptions & { readonly root: string; readonly size: number | null }

async function benchProject(
  bench: ProjectBench,
  context: OperationContext,
): Promise<ToolchainMeasurement[]> {
  const { entrants, functions } = await enter(bench, context)
  const runs: Run[] = []
  for (let round = 1; round <= bench.rounds; round++) {
    for (const step of toolchainSteps) {
      for (const { name, contender, variant } of entrants(step)) {
        context.progress(`${functions} functions, round ${round}: ${step}, ${name}`)
        await contender.prepare(step)
        const measured = await measureProcess(contender.command(step, variant), context.signal)
        const outcome = contender.outcome(step, measured)
        runs.push({ toolchain: name, step, cost: measured.cost, outcome })
      }
    }
  }
  return summarise(runs, functions)
}

async function enter(
  { root, size, project, rival }: ProjectBench,
  { config }: OperationContext,
): Promise<{ entrants: (step: ToolchainStep) => Entrant[]; functions: number }> {
  const directory = join(root, 'project')
  const functions = await placeProject(directory, project, size)
  const { environment } = config
  const own = { name: 'plumb', contender: plumbContender({ directory, environment }) }
  if (rival === null) return { entrants: () => [own], functions }
  const modules = resolve(config.directory, rival)
  const copy = join(root, 'rival')
  await copyForRival(directory, copy, modules)
  const contender = rivalContender({ directory: copy, environment }, modules)
  const entrants = (step: ToolchainStep): Entrant[] => {
    if (step !== 'test') return [own, { name: 'rival', contender }]
    const variants =
      functions <= isolatedRivalLimit ? ['default', 'no isolation'] : ['no isolation']
    return [own, ...variants.map((variant) => ({ name: `rival, ${variant}`, contender, variant }))]
  }
  return { entrants, functions }
}

/** Never in place: measuring changes a function and throws the compiled state away. */
async function placeProject(
  directory: string,
  project: string | null,
  size: number | null,
): Promise<number> {
  if (project === null) {
    return (await generateProject({ directory, functions: size ?? 0, seed: 1 })).functions
  }
  await cp(project, directory, { recursive: true, verbatimSymlinks: true })
  const { findFunctions } = await import('@plumb/toolchain')
  return (await findFunctions(directory)).length
}

function summarise(runs: readonly Run[], functions: number): ToolchainMeasurement[] {
  return toolchainSteps.flatMap((step) => {
    const inStep = runs.filter((run) => run.step === step)
    const names = [...new Set(inStep.map(({ toolchain }) => toolchain))]
    const base = medianCost(inStep.filter(({ toolchain }) => toolchain === 'plumb'))
    return names.map((toolchain): ToolchainMeasurement => {
      const own = inStep.filter((run) => run.toolchain === toolchain)
      const cost = medianCost(own)
      return {
        functions,
        step,
        toolchain,
        cost,
        rounds: own.length,
        outcome: own.find(({ outcome }) => !outcome.ok)?.outcome ?? outcomeOf(own),
        ratio: toolchain === 'plumb' ? null : ratioOf(cost, base),
      }
    })
  })
}

function outcomeOf(runs: readonly Run[]): Outcome {
  return runs.at(-1)?.outcome ?? { ok: false, said: 'never run' }
}

export function medianCost(measured: readonly Measured[]): ProcessCost {
  const middle = (pick: (cost: ProcessCost) => number): number => {
    const sorted = measured.map(({ cost }) => pick(cost)).sort((a, b) => a - b)
    const half = Math.floor(sorted.length / 2)
    const upper = sorted[half] ?? 0
    return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2
  }
  return {
    wall: middle(({ wall }) => wall),
    cpu: middle(({ cpu }) => cpu),
    peakMemory: middle(({ peakMemory }) => peakMemory),
  }
}

function ratioOf(cost: ProcessCost, base: ProcessCost): ProcessCost {
  const over = (pick: (cost: ProcessCost) => number): number =>
    pick(cost) / Math.max(pick(base), 1e-9)
  return {
    wall: over(({ wall }) => wall),
    cpu: over(({ cpu }) => cpu),
    peakMemory: over(({ peakMemory }) => peakMemory),
  }
}
