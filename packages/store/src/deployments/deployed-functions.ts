import type { CompiledFunction, FunctionDefinition, FunctionKind } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** What a person allows the functions of a project beyond calls through the gateway. */
export type DeployedAllowance = {
  readonly credentials: boolean
  readonly uncontrolledFetch: boolean
}

/** A function of one deployment, ready to run. */
export type DeployedFunction = {
  readonly deploymentId: string
  readonly integrationKey: string
  readonly compiled: CompiledFunction
  readonly allow: DeployedAllowance
}

/** A function of a deployment without its code and what it declares. */
export type DeployedEntry = {
  readonly integrationKey: string
  readonly kind: FunctionKind
  readonly name: string
  /** Relative to the project it was compiled in. */
  readonly fileName: string
  readonly sourceHash: string
  /** SHA-256 of the code, in hexadecimal. */
  readonly bundleHash: string
  readonly allow: DeployedAllowance
}

export type DeployedFunctionFilter = {
  readonly environment: string
  readonly integrationKey?: string
  readonly kind?: FunctionKind
  /** Default: the live one. */
  readonly deploymentId?: string
}

export type DeployedFunctionName = DeployedFunctionFilter & {
  readonly integrationKey: string
  readonly kind: FunctionKind
  readonly name: string
}

type Row = {
  readonly deploymentId: string
  readonly integrationKey: string
  readonly name: string
  readonly fileName: string
  readonly sourceHash: string
  readonly allow: DeployedAllowance
  readonly code: string
  readonly definition: FunctionDefinition
}

const entryColumns = `f.integration_key as "integrationKey", f.kind, f.name, f.file_name as "fileName",
  f.source_hash as "sourceHash", f.bundle_hash as "bundleHash", f.allow`

const matching = `
  from plumb.deployed_functions f
  join plumb.function_bundles b on b.environment = f.environment and b.hash = f.bundle_hash
  where f.environment = $1
    and f.deployment_id = coalesce($2, (
      select id from plumb.deployments where environment = $1 and state = 'live'))
    and ($3::text is null or f.integration_key = $3)
    and ($4::text is null or f.kind = $4)`

const rows = `select f.deployment_id as "deploymentId", ${entryColumns}, b.code, b.definition ${matching}`

/** The function of that name in the live deployment, or in the named one; null when it has none. */
export async function findDeployedFunction(
  db: Queryable,
  name: DeployedFunctionName,
): Promise<DeployedFunction | null> {
  const [row] = await db.query<Row>(`${rows} and f.name = $5`, [...paramsOf(name), name.name])
  return row === undefined ? null : deployedOf(row)
}

/** The functions of the live deployment, or of the named one, with their code, by integration, kind and name. */
export async function listDeployedFunctions(
  db: Queryable,
  filter: DeployedFunctionFilter,
): Promise<readonly DeployedFunction[]> {
  const found = await db.query<Row>(`${rows} order by 2, 3, 4`, paramsOf(filter))
  return found.map(deployedOf)
}

/** The same with what they declare, but without their code. */
export async function listDeployedEntries(
  db: Queryable,
  filter: DeployedFunctionFilter,
): Promise<readonly (DeployedEntry & { readonly definition: FunctionDefinition })[]> {
  return db.query(
    `select ${entryColumns}, b.definition ${matching} order by 1, 2, 3`,
    paramsOf(filter),
  )
}

function paramsOf(filter: DeployedFunctionFilter): unknown[] {
  const { environment, deploymentId, integrationKey, kind } = filter
  return [environment, deploymentId ?? null, integrationKey ?? null, kind ?? null]
}

function deployedOf(row: Row): DeployedFunction {
  const { deploymentId, integrationKey, allow, ...compiled } = row
  const { name, fileName, code, sourceHash, definition } = compiled
  return {
    deploymentId,
    integrationKey,
    compiled: { name, fileName, code, sourceHash, definition },
    allow,
  }
}
