import type { Json } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** An action whose answer is kept. */
export type ActionCall = {
  readonly environment: string
  readonly id: string
  readonly integrationKey: string
  readonly connectionId: string
  readonly action: string
  readonly input: unknown
  /** SHA-256 of integration, connection, action and input. */
  readonly requestHash: string
  readonly idempotencyKey: string | null
  /** It was asked for to be run later. */
  readonly queued: boolean
  readonly maxRetries: number
  readonly state: 'queued' | 'running' | 'done'
  readonly attempts: number
  /** The process that runs it. */
  readonly owner: string | null
  /** Whether an attempt has begun to change the account. */
  readonly wrote: boolean
  /** Null until it is done. */
  readonly outcome: Json
}

export type ActionCallName = Pick<ActionCall, 'environment' | 'id'>

const columns = `environment, id, integration_key as "integrationKey", connection_id as "connectionId",
  action, input, request_hash as "requestHash", idempotency_key as "idempotencyKey", queued,
  max_retries as "maxRetries", state, attempts, owner, wrote, outcome`

/** Stores a call that nobody has begun. False when its idempotency key is taken. */
export async function saveActionCall(
  db: Queryable,
  call: Omit<ActionCall, 'state' | 'attempts' | 'owner' | 'wrote' | 'outcome'>,
): Promise<boolean> {
  const rows = await db.query(
    `insert into plumb.action_calls (environment, id, integration_key, connection_id, action, input,
       request_hash, idempotency_key, queued, max_retries, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued')
     on conflict (environment, idempotency_key) where idempotency_key is not null do nothing
     returning id`,
    [
      ...[call.environment, call.id, call.integrationKey, call.connectionId, call.action],
      JSON.stringify(call.input ?? null),
      ...[call.requestHash, call.idempotencyKey, call.queued, call.maxRetries],
    ],
  )
  return rows.length === 1
}

/** Null when the environment has none of that id. */
export async function getActionCall(
  db: Queryable,
  { environment, id }: ActionCallName,
): Promise<ActionCall | null> {
  const [row] = await db.query<ActionCall>(
    `select ${columns} from plumb.action_calls where environment = $1 and id = $2`,
    [environment, id],
  )
  return row ?? null
}

/** The call of an idempotency key. */
export async function findActionCall(
  db: Queryable,
  o: { readonly environment: string; readonly idempotencyKey: string },
): Promise<ActionCall | null> {
  const [row] = await db.query<ActionCall>(
    `select ${columns} from plumb.action_calls where environment = $1 and idempotency_key = $2`,
    [o.environment, o.idempotencyKey],
  )
  return row ?? null
}

/** Makes `owner` the one who runs a call that is as it was seen. Null when somebody else was faster. */
export async function claimActionCall(
  db: Queryable,
  seen: Pick<ActionCall, 'environment' | 'id' | 'attempts' | 'state'>,
  owner: string,
): Promise<ActionCall | null> {
  const [row] = await db.query<ActionCall>(
    `update plumb.action_calls set state = 'running', owner = $5, attempts = attempts + 1
     where environment = $1 and id = $2 and attempts = $3 and state = $4
     returning ${columns}`,
    [seen.environment, seen.id, seen.attempts, seen.state, owner],
  )
  return row ?? null
}

type Claim = ActionCallName & Pick<ActionCall, 'owner' | 'attempts'>

const claimed = `environment = $1 and id = $2 and owner = $3 and attempts = $4 and state = 'running'`
const claimOf = ({ environment, id, owner, attempts }: Claim) => [environment, id, owner, attempts]

/** Notes that the account is about to be changed. False when the claim is lost, and nothing may be changed. */
export async function noteActionWrite(db: Queryable, claim: Claim): Promise<boolean> {
  const rows = await db.query(
    `update plumb.action_calls set wrote = true where ${claimed} returning id`,
    claimOf(claim),
  )
  return rows.length === 1
}

/** Keeps the answer. False when the claim is lost. */
export async function finishActionCall(
  db: Queryable,
  claim: Claim & { readonly outcome: unknown },
): Promise<boolean> {
  const rows = await db.query(
    `update plumb.action_calls set state = 'done', outcome = $5, finished_at = now(), owner = null
     where ${claimed} returning id`,
    [...claimOf(claim), JSON.stringify(claim.outcome)],
  )
  return rows.length === 1
}

/** Gives a call back, to be tried again. */
export async function releaseActionCall(db: Queryable, claim: Claim): Promise<void> {
  await db.query(
    `update plumb.action_calls set state = 'queued', owner = null where ${claimed}`,
    claimOf(claim),
  )
}

/** Removes a call that was refused before it began, so that its idempotency key is free again. */
export async function forgetActionCall(db: Queryable, claim: Claim): Promise<void> {
  await db.query(`delete from plumb.action_calls where ${claimed}`, claimOf(claim))
}

/** Deletes calls that were made before `before` (ISO 8601) and are done. Returns how many. */
export async function deleteOldActionCalls(db: Queryable, before: string): Promise<number> {
  const rows = await db.query(
    `delete from plumb.action_calls where state = 'done' and created_at < $1 returning id`,
    [before],
  )
  return rows.length
}
