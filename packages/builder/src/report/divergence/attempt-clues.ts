import type { AttemptGivens, Execution, Finding, Receipt, TraceEvent } from '@plumb/protocol'
import { createOperationMatcher } from '../../reading/operation-matcher.js'
import { attemptSteps } from '../attempt-steps.js'
import type { AttemptStep } from '../attempt-steps.js'

type Known = AttemptGivens['known']['operations'][number]

/** What is looked through for the first divergence. */
export type DivergenceEvidence = {
  readonly trace: readonly TraceEvent[]
  readonly receipts: readonly Receipt[]
  readonly executions: readonly Execution[]
  /** Null for attempts of earlier versions; then what needs it is not looked for. */
  readonly givens: AttemptGivens | null
  /** Of the verdict, where there is one. */
  readonly findings: readonly Finding[]
}

/** The evidence of one attempt, with the questions that several kinds of premise ask of it. */
export type AttemptClues = DivergenceEvidence & {
  /** Without notes. */
  readonly steps: readonly AttemptStep[]
  /** Calls that the agent made, itself or through its function. */
  readonly calls: readonly Receipt[]
  /** The described operation that a call was; null when there is none, or none are known. */
  readonly operationOf: (receipt: Receipt) => Known | null
  /** Sequence of the step during which a call was made: the first that ended after the call began. */
  readonly stepOf: (receipt: Receipt) => number | null
}

/** Prepares the evidence of an attempt to be asked. */
export function attemptClues(evidence: DivergenceEvidence): AttemptClues {
  const { trace, executions, receipts, givens } = evidence
  const matcher = givens && createOperationMatcher(givens.known, givens.known.baseUrls)
  const ended = trace.filter(({ kind }) => kind === 'plumb-called' || kind === 'tool-called')
  return {
    ...evidence,
    steps: attemptSteps(trace, executions).filter(({ state }) => state !== 'note'),
    calls: receipts.filter(({ purpose }) => purpose === 'explore' || purpose === 'dryrun'),
    operationOf: ({ request }) => matcher?.match(request.method, request.url) ?? null,
    stepOf: ({ startedAt }) => ended.find(({ at }) => at >= startedAt)?.sequence ?? null,
  }
}

/** True for an answer between 200 and 299. */
export function wentWell({ response }: Receipt): boolean {
  return response !== null && response.status >= 200 && response.status <= 299
}

/** `GET /contacts/#/notes`: method and path with ids taken out, so that calls of one operation are equal. */
export function shapeOf({ request }: Receipt): string {
  const segments = new URL(request.url).pathname.split('/')
  const shaped = segments.map((segment) => (looksLikeId(segment) ? '#' : segment))
  return `${request.method} ${shaped.join('/')}`
}

function looksLikeId(segment: string): boolean {
  return /^\d+$/.test(segment) || (segment.length >= 8 && /\d/.test(segment))
}

/** The sequences of the steps of some calls, each once. */
export function stepsOf(clues: AttemptClues, receipts: readonly Receipt[]): number[] {
  return [...new Set(receipts.flatMap((receipt) => clues.stepOf(receipt) ?? []))]
}

/** `GET /contacts/9`. */
export function callText({ request }: Receipt): string {
  return `${request.method} ${new URL(request.url).pathname}`
}

/** Status and message of an answer, at most 200 characters of it. */
export function answerText({ response }: Receipt): string {
  const text = response?.body.text ?? ''
  const message = /"(?:message|error_description|error|detail)"\s*:\s*"((?:\\.|[^"\\])*)"/.exec(
    text,
  )?.[1]
  return `${response?.status ?? 'no answer'} ${(message ?? text).slice(0, 200)}`.trim()
}
