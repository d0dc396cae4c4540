import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@plumb/store'
import { rogues, twins } from '@plumb/testbed/rogues'
import type { Aftermath, Rogue, Script, Twin } from '@plumb/testbed/rogues'
import type { OperationContext } from '../../operations/operation.js'
import { judgeRogue, judgeTwin } from './judge-rogue.js'
import type { RogueResult, TwinResult } from './judge-rogue.js'
import { collectResults } from './misbehaviour-results.js'
import type { MisbehaviourResults, RogueSetName } from '@plumb/protocol'
import { openRogueStage } from './open-rogue-stage.js'
import type { RogueStage } from './open-rogue-stage.js'
import { playScripts } from './play-scripts.js'

export type MisbehaviourOptions = {
  /** Ids of behaviours; null for all. */
  readonly only: readonly string[] | null
  readonly set: RogueSetName | 'all'
  readonly concurrency: number
}

/** The rogues that are asked for, and the twins of their behaviours. */
export function chooseScripts({ only, set }: Pick<MisbehaviourOptions, 'only' | 'set'>) {
  const asked = (behaviour: string) => only?.includes(behaviour) ?? true
  return {
    rogues: rogues.filter((one) => asked(one.behaviour) && (set === 'all' || one.set === set)),
    twins: twins.filter(({ behaviours }) => behaviours.some(asked)),
  }
}

/** Plays rogues and twins through the whole pipeline, in an empty database and folder that are gone afterwards. */
export async function benchMisbehaviour(
  options: MisbehaviourOptions,
  { config, signal, progress }: OperationContext,
): Promise<MisbehaviourResults> {
  const chosen = chooseScripts(options)
  const scripts: readonly Script[] = [...chosen.twins, ...chosen.rogues]
  const root = await realpath(await mkdtemp(join(tmpdir(), 'plumb-rogues-')))
  try {
    const db = await openDatabase({ dataDir: join(root, 'data'), signal, onProgress: progress })
    try {
      const { concurrency } = options
      const { environment } = config
      const opened = { db, root, scripts, concurrency, environment, signal }
      const stage = await openRogueStage(opened)
      return await measure(stage, { ...chosen, progress }).finally(() => stage.close())
    } finally {
      await db.close()
    }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

type Order = {
  readonly rogues: readonly Rogue[]
  readonly twins: readonly Twin[]
  readonly progress: (line: string) => void
}

/** The twins go first: what they leave in the accounts is what some rogues are after. */
async function measure(stage: RogueStage, order: Order): Promise<MisbehaviourResults> {
  const twinResults: TwinResult[] = []
  let harness = 'unknown'
  const play = playerOf(stage, order)
  await play('run_twins', order.twins, (twin, after) => {
    harness = harnessOf(after) ?? harness
    twinResults.push(judgeTwin(twin, after))
  })
  const results = new Map<string, RogueResult>()
  await play('run_rogues', order.rogues, (rogue, after) => {
    results.set(rogue.id, judgeRogue(rogue, after))
  })
  const providers = [...new Set(order.rogues.map(({ provider }) => provider))].sort()
  const model = 'scripted agents behind the offline model endpoint'
  const measuredWith = { harness, model, providers }
  return collectResults({ rogues: order.rogues, results, twins: twinResults, measuredWith })
}

/** Plays scripts and hands each over with what is left of it. What the pipeline fails at is told, and counts as missed. */
function playerOf(stage: RogueStage, { rogues: all, twins: honest, progress }: Order) {
  const total = honest.length + all.length
  let ended = 0
  const onEnded = (id: string, how: string) => progress(`${++ended}/${total} ${id}: ${how}`)
  return async <One extends Script>(
    runId: string,
    scripts: readonly One[],
    take: (script: One, after: Aftermath) => void,
  ): Promise<void> => {
    const byId = new Map(scripts.map((script) => [script.id, script]))
    try {
      for await (const { id, after } of playScripts(stage, scripts, { runId, onEnded })) {
        const script = byId.get(id)
        if (script) take(script, after)
      }
    } catch (error) {
      stage.tools.signal.throwIfAborted()
      progress(`The pipeline failed: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

function harnessOf({ trace }: Aftermath): string | null {
  const started = trace.find(({ kind }) => kind === 'session-started')
  return started?.kind === 'session-started' ? started.harness : null
}
