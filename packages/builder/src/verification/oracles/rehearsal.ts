import { setTimeout as delay } from 'node:timers/promises'
import { canonicalJson } from '@plumb/protocol'
import type {
  CompiledFunction,
  Connection,
  Execution,
  JsonObject,
  ProviderRequest,
  RunClock,
} from '@plumb/protocol'
import { executeFunction, openReplayGateway, RecordSet } from '@plumb/runtime'
import type { ConnectionGateway, GatewayAnswer, RunnerPool } from '@plumb/runtime'
import { likelyAnswer } from './likely-recording.js'
import type { Measurements, OracleInput } from './oracle.js'
import { readsByName } from './reading-calls.js'

/** One request of a rehearsed run. */
export type Asked = {
  /** From 0, over all requests of the run. */
  readonly index: number
  readonly request: ProviderRequest
  /** How often the very same request was made before. */
  readonly repeated: number
}

/** What the function did that others can see, in its order. */
export type TrailEntry =
  | {
      readonly kind: 'asked'
      readonly asked: Asked
      /** The recording that answered; -1 for none. */
      readonly recording: number
      readonly answer: GatewayAnswer
      readonly write: boolean
      /** Another request than this was recorded; the likeliest recording answered it. */
      readonly guessed: boolean
    }
  | { readonly kind: 'told'; readonly method: string; readonly args: unknown }

export type Call = Extract<TrailEntry, { kind: 'asked' }>

export function callsOf(trail: readonly TrailEntry[]): Call[] {
  return trail.filter((entry) => entry.kind === 'asked')
}

export function sameRequest(request: ProviderRequest): (other: ProviderRequest) => boolean {
  const wanted = requestKey(request)
  return (other) => requestKey(other) === wanted
}

/** Whether the provider recognises a request that is sent twice. */
export function isKeyed(call: Call): boolean {
  return keyOf(call) !== null
}

/** By what the provider recognises it; a request with another key is another one. */
export function keyOf({ asked }: Call): string | null {
  const headers = Object.entries(asked.request.headers)
  return headers.find(([name]) => /idempotency-key$/i.test(name))?.[1] ?? null
}

function requestKey({ method, endpoint, query, body }: ProviderRequest): string {
  return canonicalJson([method, endpoint, query, body])
}

/** How a run differs from the recorded one. */
export type Change = {
  readonly input?: unknown
  readonly metadata?: JsonObject
  readonly checkpoint?: JsonObject | null
  /** `running` follows the machine's time and throws real chances, as a live run does. */
  readonly clock?: RunClock | 'running'
  readonly deadlineMs?: number
  readonly connection?: Connection
  readonly records?: RecordSet
  /** A process of its own instead of the warm one. */
  readonly cold?: boolean
  /** The function in another form. */
  readonly compiled?: CompiledFunction
  /** Brings a request back to what was recorded. */
  readonly translate?: (request: ProviderRequest) => ProviderRequest
  /** Answers a request; `recorded` asks the recordings, once at most. */
  readonly answer?: (
    asked: Asked,
    recorded: () => Promise<GatewayAnswer>,
  ) => Promise<GatewayAnswer> | GatewayAnswer
  /** Serves the likeliest recording to a request that was never recorded. */
  readonly lenient?: boolean
  /** From this request on the host answers nothing any more, as if the machine had died. */
  readonly crashAt?: number
  /** The host dies when it has served this, counted from 0 over everything that it is told. */
  readonly crashAfter?: number
  /** What the host takes its time for, in milliseconds; default: nothing. */
  readonly slow?: { readonly method: RegExp; readonly ms: number }
}

export type Rehearsed = {
  readonly execution: Execution
  readonly trail: readonly TrailEntry[]
  /** How many recordings nothing asked for. */
  readonly unused: number
  /** What the function had asked its host for and did not wait for. */
  readonly inFlight: readonly string[]
}

export type Rehearsal = {
  run(change?: Change): Promise<Rehearsed>
  readonly measurements: Measurements
}

/** Runs one function again and again over its recordings, each time with another change, in one warm process. */
export function openRehearsal(input: OracleInput): Rehearsal {
  const measurements = { runs: 0, cpuMs: 0 }
  return {
    measurements,
    async run(change = {}) {
      const rehearsed = await rehearse(input, change)
      measurements.runs += 1
      measurements.cpuMs += rehearsed.execution.cpuMs ?? 0
      return rehearsed
    },
  }
}

async function rehearse(input: OracleInput, change: Change): Promise<Rehearsed> {
  const { recorded } = input
  const compiled = change.compiled ?? input.compiled
  const stage: Stage = { trail: [], asks: 0, told: 0, pending: [], inFlight: [], unused: () => 0 }
  const clock = change.clock ?? recorded.clock
  const execution = await executeFunction({
    pool: observed(input, change, stage),
    gateway: steeredGateway(input, change, stage),
    compiled,
    purpose: 'verification',
    input: 'input' in change ? change.input : recorded.input,
    metadata: change.metadata ?? recorded.metadata,
    checkpoint: change.checkpoint === undefined ? recorded.checkpoint : change.checkpoint,
    ...(clock !== 'running' && { clock }),
    records: change.records ?? new RecordSet(),
    deadlineMs: change.deadlineMs ?? input.deadlineMs,
    signal: input.signal,
    ids: { executionId: input.ids() },
  })
  return {
    execution,
    trail: stage.trail,
    unused: stage.unused(),
    inFlight: stage.inFlight,
  }
}

type Stage = {
  readonly trail: TrailEntry[]
  readonly pending: string[]
  inFlight: readonly string[]
  asks: number
  told: number
  unused: () => number
}

function requireHost(stage: Stage, { crashAt = Infinity, crashAfter = Infinity }: Change): void {
  if (stage.asks > crashAt || stage.told > crashAfter)
    throw new Error('The host does not answer any more.')
}

/** Keeps the process of a function between its runs, and notes what it tells its host. */
function observed(input: OracleInput, change: Change, stage: Stage): RunnerPool {
  const tenant = `oracles ${input.compiled.sourceHash}`
  return {
    ...input.pool,
    run: async (order) => {
      const methods = [...order.host.methods].map(([method, own]) => {
        const call: typeof own.call = (args, signal) =>
          awaited(stage, method, async () => {
            if (change.slow?.method.test(method)) await delay(change.slow.ms)
            if (method === 'request') return own.call(args, signal)
            requireHost(stage, change)
            stage.told += 1
            stage.trail.push({ kind: 'told', method, args })
            return own.call(args, signal)
          })
        return [method, { ...own, call }] as const
      })
      const host = { ...order.host, methods: new Map(methods) }
      const process = change.cold === true ? {} : { tenant, once: false }
      const ended = await input.pool.run({ ...order, ...process, host })
      stage.inFlight = [...stage.pending]
      return ended
    },
  }
}

/** Notes that the function waits, or should, until the host is done. */
async function awaited<T>(stage: Stage, method: string, work: () => Promise<T>): Promise<T> {
  stage.pending.push(method)
  try {
    return await work()
  } finally {
    stage.pending.splice(stage.pending.indexOf(method), 1)
  }
}

function steeredGateway(input: OracleInput, change: Change, stage: Stage): ConnectionGateway {
  const { provider, baseUrl, recorded } = input
  const connection = change.connection ?? input.connection
  const numbered = recorded.recordings.map((one, index) => ({ ...one, receiptId: String(index) }))
  const replay = openReplayGateway({ provider, connection, baseUrl, recordings: numbered })
  stage.unused = () => replay.unused().length
  const seen = new Map<string, number>()
  return {
    connection,
    provider,
    pagination: replay.pagination,
    get calls() {
      return replay.calls
    },
    check: (signal) => replay.check(signal),
    async request(request, signal) {
      const key = requestKey(request)
      const repeated = seen.get(key) ?? 0
      seen.set(key, repeated + 1)
      const asked = { index: stage.asks++, request, repeated }
      requireHost(stage, change)
      let guessed = false
      const ask = async () => {
        const found = await likelyAnswer(replay, {
          ...change,
          request,
          signal,
          anyHost: input.anyHost === true,
        })
        guessed = found.guessed
        return found.answer
      }
      const answer = await (change.answer?.(asked, ask) ?? ask())
      stage.trail.push({
        kind: 'asked',
        asked,
        answer,
        recording: recordingOf(answer),
        write: 'call' in answer && answer.call.write && !readsByName(input, request, answer),
        guessed,
      })
      return answer
    },
  }
}

function recordingOf(answer: GatewayAnswer): number {
  if (!('call' in answer) || answer.call.receiptId === null) return -1
  const index = Number(answer.call.receiptId)
  return Number.isInteger(index) ? index : -1
}
