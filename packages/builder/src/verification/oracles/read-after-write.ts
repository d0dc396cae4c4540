import { setTimeout as wait } from 'node:timers/promises'
import type { Finding, Receipt } from '@plumb/protocol'
import type { ConnectionGateway } from '@plumb/runtime'
import { readingCalls } from '../../reading/resource-operations.js'
import type { ResourceCall } from '../../reading/resource-operations.js'
import { succeeded } from '../../reading/succeeded.js'
import { callAccount } from './account-call.js'
import type { AccountAnswer } from './account-call.js'
import { returned } from './execution-result.js'
import { heldOut } from './held-out.js'
import { isDeletion, judgeReading } from './judge-reading.js'
import type { LiveAccount, LiveRun } from './live-account.js'
import type { Oracle, OracleInput, OracleResult } from './oracle.js'

/** Is what the function says it changed changed, as another operation of the API shows it? */
export const readAfterWrite: Oracle = { name: 'read-after-write', run }

/** There is nothing to read back, and nothing is missing. */
export const changesNothing = 'the function changes nothing'

/** Some accounts show a change a moment later. */
const patienceMs = 1500
const mostWrites = 3

async function run(input: OracleInput): Promise<OracleResult> {
  const { live } = input
  if (live === undefined) return cannot('it needs a connected account')
  if (input.declared?.description === undefined)
    return cannot('there is no API description to read back with')
  if (live.runs.length === 0) await heldOut.run(input)
  return readWritten(input, live)
}

async function readWritten(input: OracleInput, live: LiveAccount): Promise<OracleResult> {
  const ran = live.runs.at(-1) ?? null
  if (ran !== null && !returned(ran.execution)) return cannot('the run in the account failed')
  const writes = lastWrites(ran?.receipts ?? live.recorded, input)
  if (writes.length === 0) return cannot(changesNothing)
  const judged = await readAll({ input, live, ran }, writes.slice(0, mostWrites))
  if (judged.length === 0) return cannot('no other operation of the API reads back what it wrote')
  const measurements = { runs: 0, cpuMs: 0 }
  return { oracle: 'read-after-write', ran: true, findings: judged.flat(), measurements }
}

async function readAll(
  trial: Omit<Trial, 'write' | 'gateway'>,
  writes: readonly Receipt[],
): Promise<Finding[][]> {
  const gateway = await trial.live.open({ executionId: null, writes: 0 })
  const judged: Finding[][] = []
  for (const write of writes) {
    const found = await readBack({ ...trial, gateway, write })
    if (found !== null) judged.push(found)
  }
  return judged
}

function cannot(why: string): OracleResult {
  return { oracle: 'read-after-write', ran: false, why }
}

/** Of several changes of one thing the last one counts. */
function lastWrites(receipts: readonly Receipt[], { provider }: OracleInput): Receipt[] {
  const writes = receipts.filter((receipt) => receipt.write && succeeded(receipt, provider))
  return writes.filter(
    ({ request: { method, url } }, at) =>
      method === 'POST' || !writes.slice(at + 1).some((later) => later.request.url === url),
  )
}

type Trial = {
  readonly input: OracleInput
  readonly live: LiveAccount
  readonly gateway: ConnectionGateway
  /** Null when only the recorded run has made the change. */
  readonly ran: LiveRun | null
  readonly write: Receipt
}

/** What reading it back shows; null when nothing could be read. */
async function readBack(trial: Trial): Promise<Finding[] | null> {
  const { input, write, ran } = trial
  const place = {
    description: input.declared?.description ?? {
      title: '',
      version: '',
      baseUrl: null,
      operations: [],
      schemas: {},
    },
    baseUrl: input.baseUrl,
    providerBaseUrl: input.provider.proxy.baseUrl,
  }
  const fresh = new Set(ran?.fresh.values() ?? [])
  const judge = (call: ResourceCall, answer: AccountAnswer): Finding[] =>
    judgeReading({ write, call, answer, fresh, deletion: isDeletion(write), own: ran !== null })
  for (const call of readingCalls(write, place)) {
    const answer = await ask(trial, call)
    if (!tells(call, answer, input)) continue
    const found = judge(call, answer)
    if (found.length === 0) return []
    await wait(patienceMs, undefined, { signal: input.signal })
    return judge(call, await ask(trial, call))
  }
  return null
}

function ask({ gateway, input }: Trial, call: ResourceCall): Promise<AccountAnswer> {
  return callAccount(gateway, { method: 'GET', endpoint: call.url }, input.signal)
}

/** The thing's own address tells something by "not found" as well; others only by an answer. */
function tells(call: ResourceCall, { status, body }: AccountAnswer, input: OracleInput): boolean {
  if (status === null) return false
  if (status === 404 || status === 410) return call.of === 'thing'
  const { successPath } = input.provider.proxy
  const refused =
    successPath !== undefined &&
    typeof body === 'object' &&
    body !== null &&
    !Reflect.get(body, successPath)
  return status < 300 && !refused
}
