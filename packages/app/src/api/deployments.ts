import { randomUUID } from 'node:crypto'
import { deploymentContracts, PlumbError } from '@plumb/protocol'
import { deployFunctions, previewDeployment, rollBack, storeBundles } from '@plumb/runtime'
import type { DeploymentEffect, DeployOutcome, DeployParts, RunnerPool } from '@plumb/runtime'
import {
  countStoredRecords,
  getDeployment,
  listDeployedEntries,
  listDeployments,
  requireEnvironment,
} from '@plumb/store'
import type { Deployment } from '@plumb/store'
import type { Plumb } from '../server/plumb.js'
import { handle } from './handler.js'
import type { ApiCall, Handler } from './handler.js'
import { logDeployment } from './log-deployment.js'
import type { DeploymentTold } from './log-deployment.js'

/** What deployments are made with: a server, or the data folder of a command. */
export type DeployHost = Pick<Plumb, 'db' | 'providers' | 'logs'> & {
  readonly pool: Pick<RunnerPool, 'describe'>
  /** Given a server that runs: what is deployed starts at once. */
  readonly syncs?: { ensureAll(environment: string): Promise<unknown> }
}

type DeployCall = Pick<ApiCall, 'environment' | 'signal' | 'keyId'> & { readonly plumb: DeployHost }

export const deploymentHandlers: readonly Handler[] = [
  handle(deploymentContracts.list, async (input, call: DeployCall) => {
    refuseOther(input.environment, call)
    const all = await listDeployments(call.plumb.db, call.environment)
    return { deployments: all.map((one) => ({ ...shown(one), functions: one.functions })) }
  }),
  handle(deploymentContracts.get, ({ id }, call: DeployCall) => deploymentOf(id, call)),
  handle(deploymentContracts.upload, async ({ bundles }, call: DeployCall) => {
    const { plumb, environment, signal } = call
    const { db, pool } = plumb
    const hashes = await storeBundles({ db, environment, pool }, bundles, { now: now(), signal })
    return { hashes: [...hashes] }
  }),
  handle(deploymentContracts.preview, async ({ environment, ...order }, call: DeployCall) => {
    refuseOther(environment, call)
    const { base, missingBundles, ...effect } = await previewDeployment(partsOf(call), order)
    return { base, missing_bundles: [...missingBundles], ...shownEffect(effect) }
  }),
  handle(deploymentContracts.create, async ({ environment, ...order }, call: DeployCall) => {
    refuseOther(environment, call)
    const author = authorOf(call)
    const { integrationKey = null, message } = order
    const told = { integrationKey, message, createdBy: author.createdBy, backTo: null }
    const deploy = () => deployFunctions(partsOf(call), { ...order, ...author })
    return finish(await logged(told, deploy, call), call)
  }),
  handle(deploymentContracts.rollback, async (input, call: DeployCall) => {
    refuseOther(input.environment, call)
    const author = authorOf(call)
    const { id: deployment, message } = input
    const told = { integrationKey: null, message, createdBy: author.createdBy, backTo: deployment }
    const deploy = () => rollBack(partsOf(call), { deployment, message, ...author })
    return finish(await logged(told, deploy, call), call)
  }),
]

function partsOf({ plumb, environment }: DeployCall): DeployParts {
  const { db, providers } = plumb
  const countRecords = (integrationKey: string, models: readonly string[]) =>
    countStoredRecords(db, { environment, integrationKey, models })
  return { db, providers, environment, countRecords }
}

async function logged(
  told: Omit<DeploymentTold, 'environment'>,
  deploy: () => Promise<DeployOutcome>,
  { plumb, environment }: DeployCall,
): Promise<DeployOutcome> {
  // A command may name one that does not exist, of which no log is kept.
  await requireEnvironment(plumb.db, environment)
  return logDeployment({ ...told, environment }, { logs: plumb.logs, deploy })
}

function authorOf({ keyId }: DeployCall) {
  return { id: `dep_${randomUUID().replaceAll('-', '')}`, createdBy: keyId ?? 'cli', now: now() }
}

function now(): string {
  return new Date().toISOString()
}

/** Also when nothing was deployed: connections may have come since. */
async function finish(outcome: DeployOutcome, { plumb, environment }: DeployCall) {
  await plumb.syncs?.ensureAll(environment)
  const { deployed, deployment } = outcome
  return { deployed, deployment: shown(deployment), ...shownEffect(outcome) }
}

/** Somebody who says `prod` and has the key of another environment is stopped before anything happens. */
function refuseOther(wanted: string | undefined, { environment }: DeployCall): void {
  if (wanted === undefined || wanted === environment) return
  throw new PlumbError({
    code: 'environment-unknown',
    message: `The secret key opens environment "${environment}", not "${wanted}".`,
    remedy: `Use a key of "${wanted}", or name "${environment}".`,
  })
}

async function deploymentOf(id: string, { plumb, environment }: DeployCall) {
  const found = await getDeployment(plumb.db, environment, id)
  if (found === null) {
    throw new PlumbError({
      code: 'deployment-unknown',
      message: `"${environment}" has no deployment ${JSON.stringify(id)}.`,
      remedy: '`plumb deployments list` shows those that are kept.',
    })
  }
  const entries = await listDeployedEntries(plumb.db, { environment, deploymentId: id })
  const functions = entries.map(({ definition, ...entry }) => ({
    ...{ provider_config_key: entry.integrationKey, kind: entry.kind, name: entry.name },
    ...{ file: entry.fileName, source_hash: entry.sourceHash, bundle_hash: entry.bundleHash },
    ...{ allow: entry.allow, description: definition.description },
    ...{ frequency: definition.frequency, scopes: [...definition.scopes] },
    models: Object.keys(definition.models),
  }))
  return { ...shown(found), functions }
}

function shown(deployment: Deployment) {
  const { id, number, state, createdAt, createdBy, message, restoredFrom, supersededAt } =
    deployment
  return {
    ...{ id, number, state, message, created_at: createdAt, created_by: createdBy },
    ...{ restored_from: restoredFrom, superseded_at: supersededAt },
  }
}

function shownEffect({ changes, newIntegrations, warnings }: DeploymentEffect) {
  return {
    changes: changes.map(({ integrationKey, details, ...change }) => ({
      ...{ provider_config_key: integrationKey, ...change, details: [...details] },
    })),
    new_integrations: [...newIntegrations],
    warnings: [...warnings],
  }
}
