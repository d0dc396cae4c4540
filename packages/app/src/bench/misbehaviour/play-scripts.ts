import { buildBriefs, collectEvidence } from '@plumb/builder'
import type { BuildTools } from '@plumb/builder'
import { createRun, getAttempt, listInteractions } from '@plumb/store'
import type { Aftermath, Script } from '@plumb/testbed/rogues'
import type { RogueStage } from './open-rogue-stage.js'

export type PlayedScript = { readonly id: string; readonly after: Aftermath }

export type PlayOptions = {
  readonly runId: string
  /** Told the id of each script that has ended. */
  readonly onEnded?: (id: string, ended: string) => void
}

/**
 * Plays the scripts through one whole build and hands out what is left of each, one at a time, so that memory holds
 * one attempt. An error in one attempt does not end the others: its script is left out, and the error thrown last.
 */
export async function* playScripts(
  stage: RogueStage,
  scripts: readonly Script[],
  { runId, onEnded }: PlayOptions,
): AsyncGenerator<PlayedScript> {
  const { db, signal } = stage.tools
  const onProgress: BuildTools['onProgress'] = (progress) => {
    if (progress.kind !== 'interaction-decided') return
    onEnded?.(progress.key.replace(/^.*\//, ''), progress.outcome)
  }
  const failure = await begin(stage, scripts, { runId, tools: { ...stage.tools, onProgress } })
  for (const { interaction, attemptId } of await listInteractions(db, runId)) {
    signal.throwIfAborted()
    if (attemptId === null) continue
    const { verdict } = await getAttempt(db, attemptId)
    if (verdict === null) continue
    const evidence = await collectEvidence({ db, attemptId })
    yield { id: interaction.id, after: { ...evidence, verdict } }
  }
  if (failure !== null) throw failure.error
}

async function begin(
  stage: RogueStage,
  scripts: readonly Script[],
  { runId, tools }: { readonly runId: string; readonly tools: BuildTools },
): Promise<{ readonly error: unknown } | null> {
  const briefs = await stage.briefsFor(scripts)
  await createRun(tools.db, {
    id: runId,
    fingerprint: runId,
    model: tools.model,
    briefs: briefs.map(({ brief }) => brief),
    outputPath: tools.workspaceRoot,
    state: 'running',
    startedAt: tools.now(),
    finishedAt: null,
  })
  return buildBriefs(tools, { runId, briefs }).then(
    () => null,
    (error: unknown) => ({ error }),
  )
}
