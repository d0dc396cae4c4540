import { PlumbError } from '@plumb/protocol'
import {
  getLiveDeployment,
  listDeployedEntries,
  listDeployments,
  saveDeployment,
} from '@plumb/store'
import type { Deployment } from '@plumb/store'
import { effectOf, outcomeOf } from './deploy.js'
import type { DeployAuthor, DeployOutcome, DeployParts } from './deploy.js'
import { createIntegrations } from './needed-integrations.js'

/** What `rollBack` takes for the version before the one that is live. */
export const previousDeployment = 'previous'

export type RollBackOrder = DeployAuthor & {
  /** Id of a deployment that is kept, or `previous`. */
  readonly deployment: string
}

/**
 * Deploys again what an earlier deployment had, as a new deployment: history is only added to. Rolling back to the
 * previous one twice goes two versions back. Throws PlumbErrors `deployment-unknown`, `deployment-conflict`.
 */
export async function rollBack(parts: DeployParts, order: RollBackOrder): Promise<DeployOutcome> {
  const { db, environment } = parts
  const live = await getLiveDeployment(db, environment)
  const target = await targetOf(parts, order.deployment, live)
  const functions = await listDeployedEntries(db, { environment, deploymentId: target.id })
  const base = live?.id ?? null
  const effect = await effectOf(parts, functions, { base })
  await createIntegrations(parts, effect.newIntegrations)
  const { id, createdBy, message = null, now } = order
  const saved = await saveDeployment(db, {
    ...{ environment, id, createdBy, message, now, base, functions, bundles: [] },
    restoredFrom: target.restoredFrom ?? target.id,
  })
  return { ...effect, ...outcomeOf(environment, saved) }
}

async function targetOf(
  { db, environment }: DeployParts,
  wanted: string,
  live: Deployment | null,
): Promise<Deployment> {
  const kept = await listDeployments(db, environment)
  if (wanted !== previousDeployment) {
    return kept.find(({ id }) => id === wanted) ?? unknown(environment, wanted, kept)
  }
  const origin = kept.find(({ id }) => id === live?.restoredFrom) ?? live
  const earlier = kept.find(
    ({ number, contentHash }) =>
      number < (origin?.number ?? 0) && contentHash !== live?.contentHash,
  )
  if (earlier !== undefined) return earlier
  throw new PlumbError({
    code: 'deployment-unknown',
    message:
      live === null
        ? `Nothing has been deployed to "${environment}" yet.`
        : `"${environment}" has no deployment before "${origin?.id}".`,
    remedy: 'Name one of those that `plumb deployments list` shows, or deploy.',
  })
}

function unknown(environment: string, wanted: string, kept: readonly Deployment[]): never {
  const ids = kept.slice(0, 5).map(({ id }) => id)
  throw new PlumbError({
    code: 'deployment-unknown',
    message: `"${environment}" has no deployment ${JSON.stringify(wanted)}.`,
    remedy:
      ids.length === 0
        ? 'Nothing has been deployed to it yet.'
        : `Name one that is kept: ${ids.join(', ')}.`,
  })
}
