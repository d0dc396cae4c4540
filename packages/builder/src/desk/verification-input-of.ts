import type { BlockedCause, Evidence } from '@plumb/protocol'
import { listReceipts, listResources } from '@plumb/store'
import { baseAddressOf, checkConnection, readIntegration } from '@plumb/runtime'
import type { BlockedClaim, VerificationInput } from '../verification/verification-input.js'
import { plainGet } from './explore.js'
import type { ExportedSubmission } from '../workspace/export-submission.js'
import type { DeskTools } from './desk-tools.js'
import { liveAccessOf } from './live-access-of.js'

/** Time a replay may take, in milliseconds. */
const deadlineMs = 60_000

export type VerificationOrder = {
  readonly evidence: Evidence
  readonly claim: BlockedClaim | null
  /** What can be taken out of the workspace at the end of the attempt. */
  readonly exported?: ExportedSubmission
}

/** Puts together what the checks need to know about an attempt. */
export async function verificationInputOf(
  tools: DeskTools,
  { evidence, claim, exported }: VerificationOrder,
): Promise<VerificationInput> {
  const { integration, id } = tools.brief.connection
  const name = { integrationKey: integration, connectionId: id }
  const { connection } = await tools.gateway.forConnection({ ...name, purpose: 'probe' })
  const configured = (await readIntegration(tools, integration)) ?? {}
  return {
    evidence,
    interaction: tools.interaction,
    description: tools.description,
    provider: tools.provider,
    connection,
    baseUrl: baseAddressOf(tools.provider, configured, connection).baseUrl,
    publicKeys: tools.keys.publicKeys,
    sandbox: tools.sandbox,
    pool: tools.pool,
    workspaceRoot: tools.workspace.directory,
    deadlineMs,
    ids: () => tools.newId('exe'),
    signal: tools.signal,
    ...(tools.workspace.canary && { canary: tools.workspace.canary.value }),
    foreignResources: await foreignResourcesOf(tools),
    ...(claim && { claim }),
    ...(exported && atTheEnd(exported)),
    live: liveAccessOf(tools),
    probeAccess: (cause) => probe(tools, cause),
  }
}

function atTheEnd(exported: ExportedSubmission) {
  const leftFiles = exported.ignored
  if (exported.kind === 'refused') return { leftFiles, exportRefusal: exported }
  return { leftFiles, leftBehind: exported.files[0]?.content ?? '' }
}

/** What is still there of other attempts. */
async function foreignResourcesOf({ db, brief, attemptId }: DeskTools) {
  const { integration: integrationKey, id: connectionId } = brief.connection
  const made = await listResources(db, { connection: { integrationKey, connectionId } })
  return made.filter((one) => one.deletedAt === null && one.attemptId !== attemptId)
}

/**
 * A revoked credential shows at the check endpoint. A missing scope does not: there the refused call itself is made
 * again when it only reads; one that would write is believed, because its receipt is the gateway's.
 */
async function probe(tools: DeskTools, cause: BlockedCause): Promise<'still-missing' | 'open'> {
  const { integration, id } = tools.brief.connection
  const name = { integrationKey: integration, connectionId: id }
  if (cause.kind === 'access-revoked') {
    const found = await checkConnection(tools, name, tools.signal)
    return found.kind === 'ok' ? 'open' : 'still-missing'
  }
  const receipts = await listReceipts(tools.db, { ids: cause.receiptIds })
  const read = receipts.find(({ request }) => request.method === 'GET')
  if (read === undefined) return 'still-missing'
  const client = await tools.gateway.forConnection({ ...name, purpose: 'probe' })
  const answer = await client.request(plainGet(read.request.url), tools.signal)
  const open = answer.kind === 'answered' && answer.response.status < 400
  return open ? 'open' : 'still-missing'
}
