import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { providerSchema } from '@plumb/protocol'
import type { ApiDescription, Execution, JsonSchema } from '@plumb/protocol'
import {
  addConnection,
  addIntegration,
  executeFunction,
  openGateway,
  openKeys,
  openRunnerPool,
  openSandbox,
  recordingsFromReceipts,
} from '@plumb/runtime'
import type { Gateway, Keys, Transport } from '@plumb/runtime'
import { listReceipts } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { compileFunction, runClockOf } from '@plumb/toolchain'
import * as sample from '../../testing/sample-attempt.js'
import type { LiveAccount } from '../live-account.js'
import type { OracleInput } from '../oracle.js'

export type Issue = Readonly<Record<string, unknown>> & { readonly id: string }

/** An account that keeps issues, and what is wrong with it. */
export type IssueAccount = {
  readonly issues: Map<string, Issue>
  /** `forgets`: says 201 and keeps nothing; `ignores`: says 200 and changes nothing; `refuses`: 403 to writes. */
  mood: 'well' | 'forgets' | 'ignores' | 'keeps' | 'refuses'
  /** Method and path of every call, in order. */
  readonly asked: string[]
  /** How many issues were made. */
  made: number
}

export type LiveBench = {
  readonly account: IssueAccount
  readonly db: TestDatabase
  readonly environment: string
  readonly keys: Keys
  readonly gateway: Gateway
  readonly description: ApiDescription
  readonly provider: OracleInput['provider']
  /** A call of the attempt's own. */
  explore(method: 'POST' | 'GET', path: string, body?: unknown): Promise<Issue>
  /** Dry-runs a function, then gives what the oracles need. */
  record(source: string, input: unknown, writes?: number): Promise<OracleInput>
  close(): Promise<void>
}

const connectionName = { integrationKey: 'acme', connectionId: 'test' }
export const benchAttempt = 'attempt-live'

/** A real gateway, runner and database before an account in memory. */
export async function openLiveBench(): Promise<LiveBench> {
  const account: IssueAccount = { issues: new Map(), mood: 'well', asked: [], made: 0 }
  const directory = await mkdtemp(join(tmpdir(), 'plumb-live-'))
  const provider = providerSchema.parse(sample.provider)
  const providers = new Map([['acme', { provider, path: '', apiDescription: null }]])
  const [db, keys] = [await openTestDatabase(), await openKeys(directory)]
  const store = { db, keys, providers, environment: 'dev' }
  await addIntegration(store, { integrationKey: 'acme', provider: 'acme' })
  const credential = { kind: 'bearer', token: 'tok-live-4711' } as const
  await addConnection(store, { ...connectionName, credential, now: sample.startedAt })
  const gateway = openGateway({ ...store, transport: transportOf(account) })
  const sandbox = await openSandbox()
  const pool = await openRunnerPool({ sandbox, size: 1 })
  let runs = 0
  const world = { db: store.db, gateway, pool, provider, ids: () => `live-${(runs += 1)}` }
  return {
    ...{ account, db, environment: store.environment, keys, gateway, description, provider },
    explore: (method, path, body) => explore(gateway, { method, path, body }),
    record: (source, input, writes = 1) => record(world, { source, input, writes }),
    async close() {
      await gateway.close()
      await pool.close()
      await sandbox.close()
      await store.db.close()
      await rm(directory, { recursive: true })
    },
  }
}

type Exploration = {
  readonly method: 'POST' | 'GET'
  readonly path: string
  readonly body: unknown
}

async function explore(gateway: Gateway, { method, path, body }: Exploration): Promise<Issue> {
  const client = await gateway.forConnection({
    ...{ ...connectionName, purpose: 'explore', attemptId: benchAttempt },
  })
  const answer = await client.request({
    ...{ method, endpoint: path, headers: {}, query: [], retries: 0, retryOn: [] },
    ...{ retryHeader: null, expectedStatus: [], connection: null },
    body: body === undefined ? null : { encoding: 'utf8', text: JSON.stringify(body) },
  })
  if (answer.kind !== 'answered') throw new Error(JSON.stringify(answer))
  return JSON.parse(answer.response.body.text) as Issue
}

type World = Pick<LiveBench, 'db' | 'gateway' | 'provider'> & Pick<OracleInput, 'pool' | 'ids'>
type DryRunOrder = { readonly source: string; readonly input: unknown; readonly writes: number }

async function record(world: World, { source, input, writes }: DryRunOrder): Promise<OracleInput> {
  const { pool, ids, gateway, provider } = world
  const result = await compileFunction({ source, fileName: 'function.ts', pool })
  if (result.kind === 'failed') throw new Error(JSON.stringify(result.diagnostics))
  const { compiled } = result
  const executionId = ids()
  const execution = await executeFunction({
    ...{ pool, compiled, input, purpose: 'dryrun', deadlineMs: 100_000, ids: { executionId } },
    clock: runClockOf({ id: executionId, startedAt: sample.startedAt }),
    gateway: await gateway.forConnection({
      ...{ ...connectionName, purpose: 'dryrun', attemptId: benchAttempt, executionId },
    }),
  })
  if (execution.outcome.kind !== 'returned') throw new Error(JSON.stringify(execution.outcome))
  const live = await liveOf(world, execution, writes)
  return {
    ...{ compiled, pool, ids, live, provider, baseUrl: sample.baseUrl, deadlineMs: 100_000 },
    connection: sample.connection,
    declared: { description },
    signal: new AbortController().signal,
    recorded: {
      ...{ name: executionId, input, metadata: {}, checkpoint: null },
      recordings: recordingsFromReceipts(live.recorded),
      clock: runClockOf(execution),
      pointer: { kind: 'execution', executionId },
    },
  }
}

async function liveOf(
  { db, gateway }: World,
  own: Execution,
  writes: number,
): Promise<LiveAccount> {
  const all = await listReceipts(db, { chain: benchAttempt })
  const recorded = all.filter(({ executionId }) => executionId === own.id)
  const first = recorded[0]?.sequence ?? 0
  return {
    ...{ namespace: 'plumb-0abcde', writes, recorded, runs: [] },
    history: all.filter(({ sequence }) => sequence < first),
    now: () => sample.startedAt,
    receipts: (executionId) => listReceipts(db, { executionId }),
    keep: async () => undefined,
    open: ({ executionId, writes: writeLimit }) =>
      gateway.forConnection({
        ...{ ...connectionName, executionId, purpose: 'verification', attemptId: benchAttempt },
        ...{ chain: `verification ${benchAttempt}`, writeLimit, allowWrites: writeLimit > 0 },
      }),
  }
}

const issueSchema: JsonSchema = { type: 'object' }
const operation = (
  id: string,
  method: ApiDescription['operations'][number]['method'],
  path: string,
): ApiDescription['operations'][number] => ({
  ...{ id, method, path, summary: id, description: '', tags: [], deprecated: false, scopes: [] },
  ...{ parameters: [], responses: [], pagination: null, incrementalParameter: null, docs: null },
  requestBody:
    method === 'POST' || method === 'PATCH'
      ? { contentType: 'application/json', required: true, schema: issueSchema }
      : null,
})

const description: ApiDescription = {
  ...sample.description,
  operations: [
    operation('issues.list', 'GET', '/issues'),
    operation('issues.create', 'POST', '/issues'),
    operation('issues.get', 'GET', '/issues/{id}'),
    operation('issues.update', 'PATCH', '/issues/{id}'),
    operation('issues.delete', 'DELETE', '/issues/{id}'),
  ],
}

function transportOf(account: IssueAccount): Transport {
  return {
    send: async ({ method, url, body }) => {
      const path = new URL(url).pathname.replace(/^\/v1/, '')
      account.asked.push(`${method} ${path}`)
      const sent = body === null ? {} : (JSON.parse(body.toString()) as Record<string, unknown>)
      const { status, value } = answerOf(account, { method, path, sent })
      return {
        kind: 'response',
        status,
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(value === undefined ? '' : JSON.stringify(value)),
      }
    },
  }
}

type Asked = { method: string; path: string; sent: Record<string, unknown> }
type Answer = { status: number; value?: unknown }

function answerOf(account: IssueAccount, asked: Asked): Answer {
  const { issues, mood } = account
  const { method, path } = asked
  if (mood === 'refuses' && method !== 'GET') return { status: 403, value: { message: 'no' } }
  if (path === '/issues')
    return method === 'GET' ? { status: 200, value: [...issues.values()] } : create(account, asked)
  const found = issues.get(path.split('/').at(-1) ?? '')
  if (found === undefined) return { status: 404, value: { message: 'not found' } }
  return method === 'GET' ? { status: 200, value: found } : change(account, asked, found)
}

function create(account: IssueAccount, { sent }: Asked): Answer {
  const issue = { ...sent, id: `iss-${1000 + (account.made += 1)}`, at: sample.startedAt }
  if (account.mood !== 'forgets') account.issues.set(issue.id, issue)
  return { status: 201, value: issue }
}

function change({ issues, mood }: IssueAccount, { method, sent }: Asked, found: Issue): Answer {
  if (method === 'DELETE') {
    if (mood !== 'keeps') issues.delete(found.id)
    return { status: 204 }
  }
  const changed = { ...found, ...sent }
  if (mood !== 'ignores') issues.set(found.id, changed)
  return { status: 200, value: changed }
}
