import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstLevelChecks, singleOracleChecks, verificationAgain, verify } from '@plumb/builder'
import type { Check, PreparedBrief, VerificationInput } from '@plumb/builder'
import { openRunnerPool, openSandbox } from '@plumb/runtime'
import type { RunnerPool, Sandbox } from '@plumb/runtime'
import { listInteractions, listRuns } from '@plumb/store'
import type { BuildOptions } from '../build/build-options.js'
import { CloserStack } from '../build/closer-stack.js'
import { prepareBriefs } from '../build/prepare-briefs.js'
import { demoBriefs, runDemo } from '../demo/run-demo.js'
import type { OperationContext } from '../operations/operation.js'
import { withWorkbench } from '../workbench.js'
import type { Workbench } from '../workbench.js'
import { treeCpu } from './tree-cpu.js'

/** Seconds of CPU of one check, over all interactions. */
export type CheckCost = { readonly check: string; readonly mean: number; readonly most: number }

export type VerifyBench = {
  readonly ok: boolean
  readonly interactions: number
  /** Seconds of CPU per interaction: this process, the boxes and everything that ran in them. */
  readonly mean: number
  readonly most: number
  readonly bar: number
  /** The dearest first. */
  readonly checks: readonly CheckCost[]
}

const bar = 2

/** Builds the demo, then verifies each accepted interaction once more, one after the other, and says what that costs. Linux only. */
export async function benchVerify(
  options: Omit<BuildOptions, 'output'>,
  context: OperationContext,
): Promise<VerifyBench> {
  const home = await mkdtemp(join(tmpdir(), 'plumb-bench-verify-'))
  const inside = { ...context, config: { ...context.config, home, databaseUrl: null } }
  const costs: Cost[] = []
  try {
    await withWorkbench(inside, async (workbench) => {
      const onProgress = (): void => undefined
      const beforeClosing = async (): Promise<void> => {
        context.progress('Verifying each accepted interaction once more ...')
        costs.push(...(await verifyAll(workbench, inside)))
      }
      await runDemo(
        { ...options, keepResources: true },
        { ...inside, workbench, onProgress, beforeClosing },
      )
    })
  } finally {
    await rm(home, { recursive: true, force: true })
  }
  return summarise(costs)
}

type Cost = { readonly total: number; readonly checks: ReadonlyMap<string, number> }

async function verifyAll(workbench: Workbench, context: OperationContext): Promise<Cost[]> {
  const closers = new CloserStack()
  try {
    const sandbox = closers.add(await openSandbox())
    const pool = closers.add(await openRunnerPool({ sandbox, size: 1 }))
    const briefs = await prepareBriefs([demoBriefs], { ...context, workbench })
    const [run] = await listRuns(workbench.db)
    const decided = run === undefined ? [] : await listInteractions(workbench.db, run.id)
    const costs: Cost[] = []
    for (const { interaction, integrationKey, attemptId, outcome } of decided) {
      const brief = briefs.find((one) => one.brief.connection.integration === integrationKey)
      if (outcome !== 'accepted' || attemptId === null || brief === undefined) continue
      const place = { workbench, sandbox, pool, signal: context.signal }
      costs.push(await verifyOne(place, { ...brief, interaction, attemptId }))
    }
    return costs
  } finally {
    await closers.close()
  }
}

type Place = {
  readonly workbench: Workbench
  readonly sandbox: Sandbox
  readonly pool: RunnerPool
  readonly signal: AbortSignal
}

type Member = PreparedBrief & {
  readonly interaction: PreparedBrief['brief']['interactions'][number]
  readonly attemptId: string
}

/** Verified twice: as a whole, and check by check, since looking at the clock so often costs as much as many checks. */
async function verifyOne({ workbench, ...place }: Place, member: Member): Promise<Cost> {
  const input = (): Promise<VerificationInput> =>
    verificationAgain({
      ...{ ...workbench, ...place, ...member },
      now: () => new Date().toISOString(),
      newId: (prefix) => `${prefix}_${randomBytes(9).toString('hex')}`,
    })
  const whole = await input()
  const { cost: total } = await costOf(() => verify(whole))
  const checks = new Map<string, number>()
  await verify(
    await input(),
    apart.map((check) => measured(check, checks)),
  )
  return { total, checks }
}

/** The checks of a build, with each oracle by itself. */
const apart = firstLevelChecks.flatMap((check) =>
  check.name === 'oracles' ? singleOracleChecks : [check],
)

function measured(check: Check, costs: Map<string, number>): Check {
  return {
    name: check.name,
    run: async (input) => {
      const { cost, result } = await costOf(async () => check.run(input))
      costs.set(check.name, cost)
      return result
    },
  }
}

/** What `work` comes to, and the seconds of CPU that it takes, without those of measuring it. */
async function costOf<T>(work: () => Promise<T>): Promise<{ result: T; cost: number }> {
  const first = await usedCpu()
  const before = await usedCpu()
  const result = await work()
  return { result, cost: (await usedCpu()) - before - (before - first) }
}

/** The model is in this process, but rests; the harness and the accounts are no part of a verification. */
const others = new Set(['opencode', '.opencode', 'postgres'])

function usedCpu(): Promise<number> {
  return treeCpu(process.pid, others)
}

function summarise(costs: readonly Cost[]): VerifyBench {
  const names = new Set(costs.flatMap(({ checks }) => [...checks.keys()]))
  const checks = [...names].map((check) => {
    const each = costs.map((cost) => cost.checks.get(check) ?? 0)
    return { check, mean: meanOf(each), most: Math.max(0, ...each) }
  })
  const totals = costs.map(({ total }) => total)
  const mean = meanOf(totals)
  return {
    ok: costs.length > 0 && mean < bar,
    interactions: costs.length,
    mean,
    most: Math.max(0, ...totals),
    bar,
    checks: checks.sort((a, b) => b.mean - a.mean),
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
