import { openRunnerPool, openSandbox } from '@plumb/runtime'
import type { Recording, RunnerPool } from '@plumb/runtime'
import { compileFunction } from '@plumb/toolchain'
import type { BehaviourId, Finding } from '@plumb/protocol'
import * as sample from '../../testing/sample-attempt.js'
import type { Oracle, OracleInput, OracleResult } from '../oracle.js'

export type RecordedCall = {
  readonly method?: string
  readonly url: string
  /** A text under a content type of its own is sent as it stands. */
  readonly send?: unknown
  /** Of the request. */
  readonly headers?: Readonly<Record<string, string>>
  readonly status?: number
  /** A text under another content type than JSON is sent as it stands. */
  readonly answer: unknown
  /** Of the answer, beside its type. */
  readonly answerHeaders?: Readonly<Record<string, string>>
}

export type Trial = {
  readonly source: string
  readonly calls: readonly RecordedCall[]
  readonly input?: unknown
  readonly change?: Partial<OracleInput>
  readonly recorded?: Partial<OracleInput['recorded']>
}

export type OracleBench = {
  ask(oracle: Oracle, trial: Trial): Promise<OracleResult>
  close(): Promise<void>
}

/** Puts functions, as their text, before an oracle, in real boxes. */
export async function openOracleBench(): Promise<OracleBench> {
  const sandbox = await openSandbox()
  const pool = await openRunnerPool({ sandbox, size: 1 })
  let runs = 0
  return {
    ask: async (oracle, trial) =>
      oracle.run(await inputOf(trial, { pool, ids: () => `oracle-${(runs += 1)}` })),
    close: async () => {
      await pool.close()
      await sandbox.close()
    },
  }
}

async function inputOf(
  trial: Trial,
  machine: { pool: RunnerPool; ids: () => string },
): Promise<OracleInput> {
  const { source } = trial
  const result = await compileFunction({ source, fileName: 'function.ts', pool: machine.pool })
  if (result.kind === 'failed') throw new Error(JSON.stringify(result.diagnostics))
  return {
    ...machine,
    compiled: result.compiled,
    provider: sample.provider,
    connection: sample.connection,
    baseUrl: sample.baseUrl,
    declared: null,
    deadlineMs: 100_000,
    signal: new AbortController().signal,
    ...trial.change,
    recorded: {
      name: 'case',
      recordings: trial.calls.map(recordingOf),
      input: trial.input ?? null,
      metadata: {},
      checkpoint: null,
      clock: { now: sample.startedAt, seed: 'case' },
      pointer: null,
      ...trial.recorded,
    },
  }
}

function recordingOf(call: RecordedCall): Recording {
  const { method = 'GET', url, send, status = 200, answer, headers = {}, answerHeaders } = call
  return {
    receiptId: null,
    startedAt: sample.startedAt,
    request: {
      method,
      url: `${sample.baseUrl}${url}`,
      headers,
      body: send === undefined ? null : bodyOf(send, headers),
    },
    answer: {
      kind: 'response',
      status,
      headers: { 'content-type': 'application/json', ...answerHeaders },
      body: bodyOf(answer ?? '', answer === undefined ? { 'content-type': 'none' } : answerHeaders),
    },
  }
}

/** JSON, or a text that has a type of its own. */
function bodyOf(value: unknown, headers: RecordedCall['headers'] = {}) {
  const type = headers['content-type'] ?? 'application/json'
  const isText = typeof value === 'string' && !type.includes('json')
  return { encoding: 'utf8', text: isText ? value : JSON.stringify(value) } as const
}

export function findingsOf(result: OracleResult): readonly Finding[] {
  if (!result.ran) throw new Error(`${result.oracle} did not run: ${result.why}`)
  return result.findings
}

/** What a result rejects a function for. */
export function rejects(result: OracleResult): BehaviourId[] {
  const rejected = findingsOf(result).filter(({ severity }) => severity === 'reject')
  return [...new Set(rejected.map(({ behaviour }) => behaviour))].sort()
}
