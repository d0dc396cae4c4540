import { PlumbError } from '@plumb/protocol'
import { decideInteraction, listInteractions, saveInteractions } from '@plumb/store'
import type { BuildItem, BuildTools, PreparedBrief } from './build-tools.js'
import { explainVerdict } from './explain-verdict.js'
import { buildInteraction } from './pipeline.js'

/**
 * Builds every interaction of the briefs that has no outcome yet, several at once, and writes each outcome down when
 * it is known. An error in one interaction does not stop the others; the first one is thrown at the end, and the run
 * stays unfinished, so that the same command goes on.
 */
export async function buildBriefs(
  tools: BuildTools,
  order: { readonly runId: string; readonly briefs: readonly PreparedBrief[] },
): Promise<void> {
  const items = order.briefs.flatMap((prepared) => itemsOf(prepared, order.runId))
  await saveInteractions(
    tools.db,
    order.runId,
    items.map(({ runId, key, brief, interaction }) => ({
      runId,
      key,
      integrationKey: brief.connection.integration,
      interaction,
      outcome: null,
      attemptId: null,
    })),
  )
  const known = await listInteractions(tools.db, order.runId)
  const decided = new Set(known.filter(({ outcome }) => outcome !== null).map(({ key }) => key))
  const total = items.length
  tools.onProgress({ kind: 'run-started', runId: order.runId, total, decided: decided.size })
  await buildPending(tools, items, decided)
}

async function buildPending(
  tools: BuildTools,
  items: readonly BuildItem[],
  decided: Set<string>,
): Promise<void> {
  const waiting = items.filter(({ key }) => !decided.has(key))
  const failures: unknown[] = []
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      if (tools.signal.aborted || failures.some(isHarnessFailure)) return
      await decide(tools, item, { decided, total: items.length }).catch((error: unknown) => {
        failures.push(error)
      })
    }
  }
  await Promise.all(Array.from({ length: tools.concurrency }, worker))
  tools.signal.throwIfAborted()
  if (failures.length > 0) throw failures[0]
}

async function decide(
  tools: BuildTools,
  item: BuildItem,
  { decided, total }: { decided: Set<string>; total: number },
): Promise<void> {
  const { key, runId } = item
  const { verdict, attemptId } = await buildInteraction(tools, item)
  if (verdict.kind === 'exhausted' && verdict.budget === 'harness')
    throw harnessFailed(key, verdict.detail)
  await decideInteraction(tools.db, { runId, key, outcome: verdict.kind, attemptId })
  decided.add(key)
  tools.onProgress({
    kind: 'interaction-decided',
    key,
    outcome: verdict.kind,
    detail: explainVerdict(verdict),
    decided: decided.size,
    total,
  })
}

/** Says nothing about the interaction, which stays undecided; the others would meet the same. */
function harnessFailed(key: string, detail: string): PlumbError {
  return new PlumbError({
    code: 'harness-failed',
    message: `${key}: the model or OpenCode failed again and again: ${detail}`,
    remedy: 'Mend what it names, then run the same command again: what is decided is kept.',
  })
}

function isHarnessFailure(error: unknown): boolean {
  return error instanceof PlumbError && error.code === 'harness-failed'
}

function itemsOf({ brief, provider, description }: PreparedBrief, runId: string): BuildItem[] {
  return brief.interactions.map((interaction) => {
    const key = `${brief.connection.integration}/${interaction.id}`
    return { runId, key, brief, interaction, provider, description }
  })
}
