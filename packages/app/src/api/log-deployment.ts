import { asPlumbError } from '@plumb/protocol'
import type { DeployOutcome, LogWriter } from '@plumb/runtime'
import { countChanges } from '../deploy/render-changes.js'

export type DeploymentTold = {
  readonly environment: string
  /** The functions of this integration alone; null for all. */
  readonly integrationKey: string | null
  /** Whose, and why. */
  readonly createdBy: string
  readonly message: string | undefined
  /** What a rollback goes back to; null for a deployment. */
  readonly backTo: string | null
}

type Ways = { readonly logs: LogWriter; readonly deploy: () => Promise<DeployOutcome> }

/** Deploys, and tells the log what was asked for, what changed, or why nothing did. Throws what `deploy` throws. */
export async function logDeployment(
  told: DeploymentTold,
  { logs, deploy }: Ways,
): Promise<DeployOutcome> {
  const { environment, integrationKey } = told
  const operation = { environment, integrationKey, connectionId: null, name: null }
  const log = logs.start({ ...operation, kind: 'deploy' })
  log.message({ level: 'info', text: wishOf(told) })
  try {
    const outcome = await deploy()
    log.message({ level: 'info', text: endOf(outcome), details: detailsOf(outcome) })
    for (const text of outcome.warnings) log.message({ level: 'warn', text })
    log.finish({ state: 'success' })
    return outcome
  } catch (error) {
    const { code, message, remedy } = asPlumbError(error)
    log.finish({ state: 'failed', error: { code, message, remedy } })
    throw error
  }
}

function wishOf({ integrationKey, createdBy, message, backTo }: DeploymentTold): string {
  const functions = integrationKey === null ? 'all functions' : `functions of ${integrationKey}`
  const what = backTo === null ? `Deployment of ${functions}` : `Rollback to ${backTo}`
  return `${what} by ${createdBy}${message === undefined ? '' : `: ${message}`}`
}

function endOf({ deployed, deployment, changes }: DeployOutcome): string {
  const { id, number, restoredFrom } = deployment
  if (!deployed) return `${id} (number ${number}) was live already: nothing changed.`
  const again = restoredFrom === null ? '' : `, with what ${restoredFrom} had`
  return `${id} (number ${number}) is live${again}: ${countChanges(changes)}.`
}

/** Names of one kind that are told; more are a number. */
const mostNames = 50

function detailsOf({ changes, newIntegrations, deployment }: DeployOutcome) {
  const names = (wanted: string): string[] => {
    const all = changes
      .filter(({ change }) => change === wanted)
      .map(({ integrationKey, name }) => `${integrationKey}/${name}`)
    const more = all.length - mostNames
    return more > 0 ? [...all.slice(0, mostNames), `and ${more} more`] : all
  }
  return {
    deployment: deployment.id,
    ...{ added: names('added'), changed: names('changed'), removed: names('removed') },
    newIntegrations: newIntegrations.slice(0, mostNames),
  }
}
