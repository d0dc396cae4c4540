import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setInterval } from 'node:timers'
import type { BuildOptions } from '../build/build-options.js'
import { runDemo } from '../demo/run-demo.js'
import type { OperationContext } from '../operations/operation.js'
import { withWorkbench } from '../workbench.js'
import { costBetween, readBuildCost, readMemory } from './build-cost.js'
import type { BuildCost } from './build-cost.js'

export type BuildBench = {
  readonly interactions: number
  readonly accepted: number
  readonly concurrency: number
  /** Seconds. */
  readonly wall: number
  /** Highest resident memory of everything together, in bytes. */
  readonly peakMemory: number
  /** Seconds of CPU in total, and by who used them. */
  readonly cpu: number
  readonly split: BuildCost
  /** Seconds of CPU to start Node.js once here: the yardstick that makes machines comparable. */
  readonly nodeStart: number
}

/** Builds the demo once in an empty data folder and says what it cost. Linux only. */
export async function benchBuild(
  options: Omit<BuildOptions, 'output'>,
  context: OperationContext,
): Promise<BuildBench> {
  const home = await mkdtemp(join(tmpdir(), 'plumb-bench-'))
  let peakMemory = 0
  const sampler = setInterval(() => {
    void readMemory().then((memory) => {
      peakMemory = Math.max(peakMemory, memory)
    })
  }, 500)
  try {
    const inside = { ...context, config: { ...context.config, home, databaseUrl: null } }
    const measured = await withWorkbench(inside, async (workbench) => {
      const before = await readBuildCost()
      const started = performance.now()
      let after = before
      const onProgress = (): void => undefined
      const beforeClosing = async () => {
        after = await readBuildCost()
      }
      const { report } = await runDemo(options, { ...inside, workbench, onProgress, beforeClosing })
      const wall = (performance.now() - started) / 1000
      return { report, wall, split: costBetween(before, after) }
    })
    const { report, wall, split } = measured
    return {
      interactions: report.totals.interactions,
      accepted: report.totals.accepted,
      concurrency: options.concurrency,
      wall,
      peakMemory,
      cpu: Object.values(split).reduce((total, seconds) => total + seconds, 0),
      split,
      nodeStart: nodeStart(),
    }
  } finally {
    clearInterval(sampler)
    await rm(home, { recursive: true, force: true })
  }
}

/** Mean over ten starts. */
function nodeStart(): number {
  const before = process.resourceUsage()
  const started = performance.now()
  for (let i = 0; i < 10; i++) spawnSync(process.execPath, ['-e', '0'])
  const wall = (performance.now() - started) / 1000
  const own = process.resourceUsage()
  const self =
    (own.userCPUTime - before.userCPUTime + own.systemCPUTime - before.systemCPUTime) / 1e6
  return Math.max(0, wall - self) / 10
}
