import { createHash } from 'node:crypto'
import type { AttemptGivens, Execution, Receipt, TraceEvent, TraceEventBody } from '@plumb/protocol'
import type { DivergenceEvidence } from '../attempt-clues.js'

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()

/** Events ten seconds apart, numbered from 1. */
export function trace(...bodies: TraceEventBody[]): TraceEvent[] {
  return bodies.map((body, index) => ({
    attemptId: 'a',
    sequence: index + 1,
    at: at(index * 10 + 9),
    ...body,
  }))
}

/** A call of the box's tool; `args` are all its words, as the real one has them. */
export function plumb(line: string, exitCode = 0, summary = ''): TraceEventBody {
  const args = line.split(' ')
  const verb = args[0] === 'docs' ? args.slice(0, 2).join(' ') : (args[0] ?? '')
  const known = exitCode !== 64 || summary.includes('usage')
  return { kind: 'plumb-called', verb, args, known, exitCode, durationMs: 1, summary }
}

/** What the tool answers to a verb that it does not have. */
export function unknownVerb(line: string, nearest: string): TraceEventBody {
  const error = `"plumb ${line}" is not a command.`
  return plumb(line, 64, JSON.stringify({ error, didYouMean: nearest }))
}

/** A shell command. */
export function bash(command: string, exitCode: number, output = ''): TraceEventBody {
  return toolCall('bash', { input: { command }, output, exitCode })
}

/** A change of the function with the harness's own tool. */
export function writeFunction(): TraceEventBody {
  return toolCall('write', { input: { filePath: '/w/function.ts', content: '' } })
}

type ToolCalled = Extract<TraceEventBody, { kind: 'tool-called' }>

/** A call of any tool of the harness. */
export function toolCall(tool: string, call: Partial<ToolCalled>): TraceEventBody {
  return {
    ...({ kind: 'tool-called', callId: 'c', tool, input: {}, output: '', exitCode: null } as const),
    ...({ status: 'completed', durationMs: 1 } as const),
    ...call,
  }
}

/** Something that the agent says. */
export function says(text: string): TraceEventBody {
  return { kind: 'message', role: 'assistant', text }
}

type Answer = {
  readonly status: number
  readonly text: string
  readonly executionId?: string
  readonly link?: string
}

/** A receipt of the step with the given number; several of one step get numbers after the point. */
export function receipt(step: number, call: string, answer: Answer): Receipt {
  const [method = 'GET', path = '/'] = call.split(' ')
  const { status, text, executionId, link } = answer
  const sha256 = createHash('sha256').update(text).digest('hex')
  const sequence = Math.round(step * 100)
  return {
    ...{ id: `r-${step}`, chain: 'a', sequence, previousHash: null, attemptId: 'a' },
    executionId: executionId ?? null,
    purpose: executionId === undefined ? 'explore' : 'dryrun',
    ...{ integrationKey: 'acme', connectionId: 'test' },
    request: { method, url: `https://api.example.com/v1${path}`, headers: {}, body: null },
    response: {
      status,
      headers: link === undefined ? {} : { link },
      body: { encoding: 'utf8', text, bytes: text.length, sha256 },
    },
    ...{ failure: null, write: false, startedAt: at((Math.floor(step) - 1) * 10 + 5) },
    ...{ durationMs: 1, hash: '', signature: '', keyId: '' },
  }
}

/** A dry run that threw during the step with the given number. */
export function failedDryRun(
  step: number,
  error: { readonly type: 'error' | 'validation' | 'http-error'; readonly message: string },
  sourceHash = 'draft',
): Execution {
  const told = { ...error, payload: null, status: null, stack: null }
  return {
    ...{ id: `e-${step}`, attemptId: 'a', purpose: 'dryrun', functionName: 'f' },
    ...{ functionKind: 'action', sourceHash, integrationKey: 'acme', connectionId: 'test' },
    ...{ input: {}, startCheckpoint: null, metadata: {}, records: {}, endCheckpoint: null },
    outcome: { kind: 'threw', error: told },
    ...{ calls: [], logs: [], startedAt: at((step - 1) * 10 + 5), durationMs: 1, cpuMs: 1 },
  }
}

/** An API with contacts, and a draft with the hash `draft`. */
export const givens: AttemptGivens = {
  attemptId: 'a',
  skills: [],
  draftHash: 'draft',
  known: {
    baseUrl: 'https://api.example.com/v1',
    baseUrls: ['https://api.example.com/v1'],
    operations: [
      { id: 'listContacts', method: 'GET', path: '/contacts' },
      { id: 'getContact', method: 'GET', path: '/contacts/{contact_id}' },
      { id: 'listPayouts', method: 'GET', path: '/payouts' },
    ],
  },
}

/** Evidence with nothing in it but what is given. */
export function evidenceOf(
  given: Partial<DivergenceEvidence> & Pick<DivergenceEvidence, 'trace'>,
): DivergenceEvidence {
  return { receipts: [], executions: [], givens, findings: [], ...given }
}
