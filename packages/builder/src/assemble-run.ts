import type { Execution, Receipt, RunInteraction } from '@plumb/protocol'
import { baseAddressOf, readIntegration } from '@plumb/runtime'
import {
  getAttempt,
  getSubmission,
  listExecutions,
  listInteractions,
  listReceipts,
  listWaivers,
} from '@plumb/store'
import { assembleIntegration } from './assembly/assemble-integration.js'
import type { AcceptedFunction, AssemblyResult } from './assembly/assembly-input.js'
import type { BuildTools, PreparedBrief } from './build-tools.js'
import { hashSource, readProjectSalt } from '@plumb/toolchain'
import { reportedFindings } from './report/reported-findings.js'
import { firstLevelChecks } from './verification/verify.js'

/** Time one replay may take, in milliseconds. */
const deadlineMs = 60_000

export type AssembleOrder = {
  readonly runId: string
  readonly briefs: readonly PreparedBrief[]
  /** Folder that gets `integrations/`. */
  readonly outputDirectory: string
}

export type AssembledIntegration = { readonly integration: string; readonly result: AssemblyResult }

/** Makes one integration per API of what a run has accepted; several briefs may name the same one. */
export async function assembleRun(
  tools: BuildTools,
  order: AssembleOrder,
): Promise<readonly AssembledIntegration[]> {
  const decided = await listInteractions(tools.db, order.runId)
  const accepted = decided.filter(({ outcome }) => outcome === 'accepted')
  const assembled: AssembledIntegration[] = []
  for (const integration of new Set(accepted.map(({ integrationKey }) => integrationKey))) {
    const own = accepted.filter(({ integrationKey }) => integrationKey === integration)
    const result = await assembleOne(tools, order, own)
    assembled.push({ integration, result })
    if (result.kind === 'assembled')
      tools.onProgress({ kind: 'integration-assembled', integration, path: result.directory })
  }
  return assembled
}

async function assembleOne(
  tools: BuildTools,
  { briefs, outputDirectory, runId }: AssembleOrder,
  interactions: readonly RunInteraction[],
): Promise<AssemblyResult> {
  const integration = interactions[0]?.integrationKey ?? ''
  const prepared = briefs.find(({ brief }) => brief.connection.integration === integration)
  if (!prepared) throw new Error(`No brief of this run is about ${integration}`)
  const { provider, description, brief } = prepared
  const name = { integrationKey: integration, connectionId: brief.connection.id }
  const { connection } = await tools.gateway.forConnection({ ...name, purpose: 'verification' })
  const configured = (await readIntegration(tools, integration)) ?? {}
  const { baseUrl } = baseAddressOf(provider, configured, connection)
  const accepted: AcceptedFunction[] = []
  for (const interaction of interactions)
    accepted.push(await acceptedFunction(tools, { interaction, baseUrl }))
  return assembleIntegration({
    ...{ integration, provider, connection, description, accepted, outputDirectory, runId },
    ...{ sandbox: tools.sandbox, pool: tools.pool, deadlineMs, signal: tools.signal },
    salt: await readProjectSalt(outputDirectory),
    ids: () => tools.newId('exe'),
  })
}

type Member = {
  readonly interaction: RunInteraction
  readonly baseUrl: string
}

async function acceptedFunction(
  { db }: BuildTools,
  { interaction: { interaction, attemptId, key }, baseUrl }: Member,
): Promise<AcceptedFunction> {
  const submission = attemptId === null ? null : await getSubmission(db, attemptId)
  if (attemptId === null || submission === null)
    throw new Error(`The accepted interaction ${key} has no submission`)
  const attempt = await getAttempt(db, attemptId)
  const execution = bestDryRun(
    await listExecutions(db, { attemptId }),
    hashSource(submission.files[0]?.content ?? ''),
  )
  if (!execution) throw new Error(`The accepted interaction ${key} has no dry run`)
  const receipts = await listReceipts(db, { executionId: execution.id })
  const recordedAt = recordedBaseUrl(baseUrl, receipts)
  return {
    ...{ interaction, submission, execution, receipts, baseUrl: recordedAt },
    model: attempt.model,
    tokens: attempt.tokens.input + attempt.tokens.output + attempt.tokens.reasoning,
    costUsd: attempt.costUsd,
    findings: reportedFindings(
      attemptId,
      attempt.verdict?.findings ?? [],
      await listWaivers(db, { attemptId }),
    ),
    checks: firstLevelChecks.map(({ name }) => name),
  }
}

/** The dry run that shows most: the one that saved most records, the last one among equals. */
function bestDryRun(executions: readonly Execution[], sourceHash: string): Execution | undefined {
  return executions
    .filter(
      ({ purpose, sourceHash: hash, outcome }) =>
        purpose === 'dryrun' && hash === sourceHash && outcome.kind === 'returned',
    )
    .reduce<Execution | undefined>(
      (best, one) => (best && savedBy(best) > savedBy(one) ? best : one),
      undefined,
    )
}

function savedBy({ records }: Execution): number {
  return Object.values(records).reduce((sum, { saved }) => sum + saved.length, 0)
}

/** A run that was continued may have been recorded at another origin: test accounts move. */
function recordedBaseUrl(baseUrl: string, receipts: readonly Receipt[]): string {
  const { pathname } = new URL(baseUrl)
  const urls = receipts.map(({ request }) => new URL(request.url))
  if (urls.some(({ origin }) => origin === new URL(baseUrl).origin)) return baseUrl
  const moved = urls.find((url) => url.pathname.startsWith(pathname))
  return moved ? `${moved.origin}${pathname}`.replace(/\/+$/, '') : baseUrl
}
