import { createHash } from 'node:crypto'
import { canonicalJson } from '@plumb/protocol'
import type { Database, Queryable } from '../database/database.js'
import type { DeployedEntry } from './deployed-functions.js'
import { deploymentColumns, getLiveDeployment } from './deployments.js'
import type { Deployment } from './deployments.js'
import { holdEnvironment } from './hold-environment.js'
import { removeUnusedBundles, saveBundles } from './function-bundles.js'
import type { FunctionBundle } from './function-bundles.js'

export type NewDeployment = {
  readonly environment: string
  readonly id: string
  readonly functions: readonly DeployedEntry[]
  /** Those that the environment may not have yet. */
  readonly bundles: readonly FunctionBundle[]
  /** The functions of this integration alone are replaced. Default: all of the environment. */
  readonly integrationKey?: string
  /** Id of the live deployment that the caller has seen, null for none; left out, whatever is live is superseded. */
  readonly base?: string | null
  readonly createdBy: string
  readonly message?: string | null
  readonly restoredFrom?: string | null
  /** ISO 8601. */
  readonly now: string
  /** How many deployments are kept, this one included. Default 20. */
  readonly keep?: number
}

export type SavedDeployment =
  | { readonly kind: 'deployed'; readonly deployment: Deployment }
  /** The live deployment has the same content already. */
  | { readonly kind: 'unchanged'; readonly deployment: Deployment }
  /** Another deployment has become live since; nothing is stored. */
  | { readonly kind: 'conflict'; readonly live: Deployment | null }

const defaultKept = 20
/** A deployment outlives its supersession at least this long, so that what runs on it can end. */
const graceHours = 24

/**
 * Stores a deployment and makes it live, at once for everybody; deployments of one environment wait for one another.
 * Throws PlumbError `environment-unknown`.
 */
export async function saveDeployment(db: Database, given: NewDeployment): Promise<SavedDeployment> {
  return db.transaction(async (tx) => {
    await holdEnvironment(tx, given.environment)
    const live = await getLiveDeployment(tx, given.environment)
    if (given.base !== undefined && given.base !== (live?.id ?? null)) {
      return { kind: 'conflict', live }
    }
    const functions = await completed(tx, given, live)
    const contentHash = contentHashOf(functions)
    if (live?.contentHash === contentHash) return { kind: 'unchanged', deployment: live }
    await saveBundles(tx, given.environment, given)
    const deployment = await replaceLive(tx, given, contentHash)
    await saveFunctions(tx, deployment, functions)
    await removeOld(tx, given)
    return { kind: 'deployed', deployment }
  })
}

/** With the functions that a deployment of one integration leaves alone. */
async function completed(
  tx: Queryable,
  { environment, integrationKey, functions }: NewDeployment,
  live: Deployment | null,
): Promise<readonly DeployedEntry[]> {
  if (integrationKey === undefined || live === null) return functions
  const kept = await tx.query<DeployedEntry>(
    `select integration_key as "integrationKey", kind, name, file_name as "fileName",
       source_hash as "sourceHash", bundle_hash as "bundleHash", allow
     from plumb.deployed_functions
     where environment = $1 and deployment_id = $2 and integration_key <> $3`,
    [environment, live.id, integrationKey],
  )
  return [...kept, ...functions]
}

/** What decides how an environment behaves, and nothing else: the same code from another file is the same. */
function contentHashOf(functions: readonly DeployedEntry[]): string {
  const lines = functions.map(({ integrationKey, kind, name, bundleHash, allow }) =>
    canonicalJson([integrationKey, kind, name, bundleHash, allow]),
  )
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex')
}

async function replaceLive(
  tx: Queryable,
  given: NewDeployment,
  contentHash: string,
): Promise<Deployment> {
  const { environment, id, now, createdBy, message = null, restoredFrom = null } = given
  await tx.query(
    `update plumb.deployments set state = 'superseded', superseded_at = $2
     where environment = $1 and state = 'live'`,
    [environment, now],
  )
  const [saved] = await tx.query<Deployment>(
    `insert into plumb.deployments
       (environment, id, number, state, content_hash, created_at, created_by, message, restored_from)
     values ($1, $2, (
       select coalesce(max(number), 0) + 1 from plumb.deployments where environment = $1),
       'live', $3, $4, $5, $6, $7)
     returning ${deploymentColumns}`,
    [environment, id, contentHash, now, createdBy, message, restoredFrom],
  )
  if (saved === undefined) throw new Error('The deployment was not stored.')
  return saved
}

async function saveFunctions(
  tx: Queryable,
  { environment, id }: Deployment,
  functions: readonly DeployedEntry[],
): Promise<void> {
  const columnOf = (member: Exclude<keyof DeployedEntry, 'allow'>) =>
    functions.map((one) => one[member])
  await tx.query(
    `insert into plumb.deployed_functions (environment, deployment_id, integration_key, kind, name,
       file_name, source_hash, bundle_hash, allow)
     select $1, $2, * from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
       $8::text[], $9::json[])`,
    [
      ...[environment, id, columnOf('integrationKey'), columnOf('kind'), columnOf('name')],
      ...[columnOf('fileName'), columnOf('sourceHash'), columnOf('bundleHash')],
      functions.map(({ allow }) => JSON.stringify(allow)),
    ],
  )
}

/** Removes deployments beyond the count that have been superseded for long, and code that none has any more. */
async function removeOld(tx: Queryable, given: NewDeployment): Promise<void> {
  const removed = await tx.query(
    `delete from plumb.deployments where environment = $1 and state = 'superseded'
       and superseded_at < $2::timestamptz - make_interval(hours => $4)
       and number <= (select max(number) from plumb.deployments where environment = $1) - $3
     returning id`,
    [given.environment, given.now, given.keep ?? defaultKept, graceHours],
  )
  if (removed.length > 0) await removeUnusedBundles(tx, given.environment, given.now)
}
