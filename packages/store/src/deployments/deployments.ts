import type { Queryable } from '../database/database.js'

/** One version of what runs in an environment. */
export type Deployment = {
  readonly environment: string
  readonly id: string
  /** Counts up from 1 in its environment. */
  readonly number: number
  readonly state: 'live' | 'superseded'
  /** SHA-256 over the functions: equal content, equal hash. */
  readonly contentHash: string
  readonly createdAt: string
  /** Id of the secret key that was used, or `cli`. */
  readonly createdBy: string
  readonly message: string | null
  /** Id of the deployment that was rolled back to. */
  readonly restoredFrom: string | null
  readonly supersededAt: string | null
}

/** The columns of `plumb.deployments` as a Deployment. */
export const deploymentColumns = `environment, id, number, state, content_hash as "contentHash",
  created_at as "createdAt", created_by as "createdBy", message, restored_from as "restoredFrom",
  superseded_at as "supersededAt"`

/** The live deployment; null before the first. */
export async function getLiveDeployment(
  db: Queryable,
  environment: string,
): Promise<Deployment | null> {
  const [found] = await db.query<Deployment>(
    `select ${deploymentColumns} from plumb.deployments where environment = $1 and state = 'live'`,
    [environment],
  )
  return found ?? null
}

/** Null when there is none of that id, or no longer. */
export async function getDeployment(
  db: Queryable,
  environment: string,
  id: string,
): Promise<Deployment | null> {
  const [found] = await db.query<Deployment>(
    `select ${deploymentColumns} from plumb.deployments where environment = $1 and id = $2`,
    [environment, id],
  )
  return found ?? null
}

/** All that are kept, the newest first, each with how many functions it has. */
export async function listDeployments(
  db: Queryable,
  environment: string,
): Promise<readonly (Deployment & { readonly functions: number })[]> {
  return db.query(
    `select ${deploymentColumns}, (
       select count(*)::int from plumb.deployed_functions f
       where f.environment = d.environment and f.deployment_id = d.id) as functions
     from plumb.deployments d where environment = $1 order by number desc`,
    [environment],
  )
}
