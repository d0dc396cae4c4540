import type { Evidence } from '@plumb/protocol'
import { listResources } from '@plumb/store'
import { baseAddressOf, readIntegration } from '@plumb/runtime'
import type { BlockedClaim, VerificationInput } from '../verification/verification-input.js'
import { probeDenied } from './probe-denied.js'
import type { ExportedSubmission } from '../workspace/export-submission.js'
import type { DeskTools } from './desk-tools.js'
import { liveAccessOf } from './live-access-of.js'

/** Time a replay may take, in milliseconds. */
const deadlineMs = 60_000

/** The desk of an attempt, also when its workspace is gone. */
export type VerificationTools = Omit<DeskTools, 'workspace'> & {
  readonly workspace: Partial<Pick<DeskTools['workspace'], 'directory' | 'canary'>>
}

export type VerificationOrder = {
  readonly evidence: Evidence
  readonly claim: BlockedClaim | null
  /** What can be taken out of the workspace at the end of the attempt. */
  readonly exported?: ExportedSubmission
}

/** Puts together what the checks need to know about an attempt. */
export async function verificationInputOf(
  tools: VerificationTools,
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
    workspaceRoot: tools.workspace.directory ?? null,
    deadlineMs,
    ids: () => tools.newId('exe'),
    signal: tools.signal,
    ...(tools.workspace.canary && { canary: tools.workspace.canary.value }),
    foreignResources: await foreignResourcesOf(tools),
    ...(claim && { claim }),
    ...(exported && atTheEnd(exported)),
    live: liveAccessOf(tools),
    probeAccess: (cause) => probeDenied({ ...tools, tools, connection: name }, cause),
  }
}

function atTheEnd(exported: ExportedSubmission) {
  const leftFiles = exported.ignored
  if (exported.kind === 'refused') return { leftFiles, exportRefusal: exported }
  return { leftFiles, leftBehind: exported.files[0]?.content ?? '' }
}

/** What is still there of other attempts. */
async function foreignResourcesOf({ db, brief, attemptId }: VerificationTools) {
  const { integration: integrationKey, id: connectionId } = brief.connection
  const made = await listResources(db, { connection: { integrationKey, connectionId } })
  return made.filter((one) => one.deletedAt === null && one.attemptId !== attemptId)
}
