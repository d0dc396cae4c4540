import { PlumbError } from '@plumb/protocol'
import {
  getLiveDeployment,
  listDeployedEntries,
  requireEnvironment,
  saveDeployment,
} from '@plumb/store'
import type { Deployment, SavedDeployment } from '@plumb/store'
import type { ConnectionStore } from '../connections/integrations.js'
import { compareFunctions } from './compare-functions.js'
import type { FunctionChange } from './compare-functions.js'
import { readOrder } from './deployment-order.js'
import type { DeploymentOrder, DescribedEntry } from './deployment-order.js'
import { createIntegrations, neededIntegrations, warningsOf } from './needed-integrations.js'

export type DeployParts = Pick<ConnectionStore, 'db' | 'environment' | 'providers'> & {
  /** How many records the models of an integration hold, for what is said about syncs that go. */
  readonly countRecords?: (integrationKey: string, models: readonly string[]) => Promise<number>
}

/** What a deployment does to its environment. */
export type DeploymentEffect = {
  readonly changes: readonly FunctionChange[]
  /** Keys of integrations that are created from the provider of their name. */
  readonly newIntegrations: readonly string[]
  readonly warnings: readonly string[]
}

export type DeploymentPreview = DeploymentEffect & {
  /** Id of the live deployment, which the changes are against. */
  readonly base: string | null
  /** Code to store first; the changes are not known as long as there is any. */
  readonly missingBundles: readonly string[]
}

/** Who deploys, why and when. */
export type DeployAuthor = {
  readonly id: string
  /** Id of the secret key that was used, or `cli`. */
  readonly createdBy: string
  readonly message?: string | undefined
  /** ISO 8601. */
  readonly now: string
}

export type DeployOrder = DeploymentOrder &
  DeployAuthor & {
    /** The live deployment of the preview; left out, whatever is live. */
    readonly base?: string | null | undefined
    /** Deploy although products may break. */
    readonly allowDestructive: boolean
    readonly keep?: number
  }

export type DeployOutcome = DeploymentEffect & {
  /** False when the live deployment has the same content: there is no new one. */
  readonly deployed: boolean
  readonly deployment: Deployment
}

/** What an order would change, without changing it. Throws PlumbErrors `deployment-invalid`, `environment-unknown`. */
export async function previewDeployment(
  parts: DeployParts,
  order: DeploymentOrder,
): Promise<DeploymentPreview> {
  const { db, environment } = parts
  await requireEnvironment(db, environment)
  const base = (await getLiveDeployment(db, environment))?.id ?? null
  const read = await readOrder(db, environment, order)
  if (read.kind === 'missing') {
    const nothing = { changes: [], newIntegrations: [], warnings: [] }
    return { base, missingBundles: read.hashes, ...nothing }
  }
  return {
    base,
    missingBundles: [],
    ...(await effectOf(parts, read.functions, { ...order, base })),
  }
}

/**
 * Deploys functions whose code is stored; everything about them is checked again here. Throws PlumbErrors
 * `deployment-invalid`, `deployment-refused` (destructive), `deployment-conflict` (another one is live by now),
 * `environment-unknown`.
 */
export async function deployFunctions(
  parts: DeployParts,
  order: DeployOrder,
): Promise<DeployOutcome> {
  const { db, environment } = parts
  const read = await readOrder(db, environment, order)
  if (read.kind === 'missing') throw bundlesMissing(read.hashes)
  const live = (await getLiveDeployment(db, environment))?.id ?? null
  const base = order.base === undefined ? live : order.base
  if (base !== live) throw conflict(environment, live)
  const effect = await effectOf(parts, read.functions, { ...order, base })
  if (!order.allowDestructive) refuseDestructive(environment, effect.changes)
  await createIntegrations(parts, effect.newIntegrations)
  const { id, createdBy, message = null, now, integrationKey, keep } = order
  const saved = await saveDeployment(db, {
    ...{ environment, id, createdBy, message, now, base, functions: read.functions, bundles: [] },
    ...(integrationKey !== undefined && { integrationKey }),
    ...(keep !== undefined && { keep }),
  })
  return { ...effect, ...outcomeOf(environment, saved) }
}

/** The deployment that is live after a save. Throws PlumbError `deployment-conflict`. */
export function outcomeOf(
  environment: string,
  saved: SavedDeployment,
): Pick<DeployOutcome, 'deployed' | 'deployment'> {
  if (saved.kind === 'conflict') throw conflict(environment, saved.live?.id ?? null)
  return { deployed: saved.kind === 'deployed', deployment: saved.deployment }
}

/** What becomes of an environment when `functions` take the place of those of the deployment `base`. */
export async function effectOf(
  parts: DeployParts,
  functions: readonly DescribedEntry[],
  against: { readonly base: string | null; readonly integrationKey?: string | undefined },
): Promise<DeploymentEffect> {
  const { db, environment } = parts
  const { base, integrationKey } = against
  const filter = { environment, ...(integrationKey !== undefined && { integrationKey }) }
  const before =
    base === null ? [] : await listDeployedEntries(db, { ...filter, deploymentId: base })
  const needed = await neededIntegrations(parts, functions)
  return {
    changes: await withRecordCounts(parts, before, compareFunctions(before, functions)),
    newIntegrations: needed.creatable,
    warnings: warningsOf(needed),
  }
}

/** Says of syncs that go how many records nobody updates any more. */
async function withRecordCounts(
  { countRecords }: DeployParts,
  before: readonly DescribedEntry[],
  changes: readonly FunctionChange[],
): Promise<readonly FunctionChange[]> {
  if (countRecords === undefined) return changes
  return Promise.all(
    changes.map(async (change) => {
      if (change.kind !== 'sync' || change.change !== 'removed') return change
      const { integrationKey, name } = change
      const sync = before.find(
        (one) => one.kind === 'sync' && one.name === name && one.integrationKey === integrationKey,
      )
      const models = Object.keys(sync?.definition.models ?? {})
      const count = await countRecords(integrationKey, models)
      if (count === 0) return change
      const text = `${count} records of it stay as they are; nothing updates them any more`
      return { ...change, details: [...change.details, { text, destructive: true }] }
    }),
  )
}

function refuseDestructive(environment: string, changes: readonly FunctionChange[]): void {
  const lines = changes.filter(({ destructive }) => destructive).map(describeDestruction)
  if (lines.length === 0) return
  const shown = lines.slice(0, 20)
  const more = lines.length > shown.length ? `\nand ${lines.length - shown.length} more` : ''
  throw new PlumbError({
    code: 'deployment-refused',
    message: `The deployment to "${environment}" takes away what products may rely on:\n${shown.join('\n')}${more}`,
    remedy:
      'Nothing was changed. Deploy with --allow-destructive (`allow_destructive` over HTTP) if this is wanted.',
  })
}

function describeDestruction({ integrationKey, kind, name, change, details }: FunctionChange) {
  const told = details.filter(({ destructive }) => destructive).map(({ text }) => text)
  const what = change === 'removed' ? ['is removed', ...told] : told
  return `${kind} ${integrationKey}/${name}: ${what.join('; ')}`
}

function bundlesMissing(hashes: readonly string[]): PlumbError {
  return new PlumbError({
    code: 'deployment-invalid',
    message: `The environment does not have the code of ${hashes.length} bundles, such as ${hashes[0]}.`,
    remedy: 'Upload what `POST /deployments/preview` lists as missing, and deploy again.',
  })
}

function conflict(environment: string, live: string | null): PlumbError {
  return new PlumbError({
    code: 'deployment-conflict',
    message: `Somebody else has deployed to "${environment}" in the meantime; ${live ?? 'nothing'} is live now.`,
    remedy: 'Nothing was changed. Deploy again to see what would change now.',
  })
}
