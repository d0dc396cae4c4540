import type { Execution, TraceEvent } from '@plumb/protocol'
import { modelLabel } from './model-label.js'
import { shellCommands } from '../reading/shell-commands.js'

/** One thing the agent did and how it went. */
export type AttemptStep = {
  readonly sequence: number
  readonly at: string
  /** `plumb dryrun`, `bash: ls`, `write function.ts`. */
  readonly what: string
  /** Verb, or tool name: what has to be done again to try the same thing again. */
  readonly action: string
  readonly state: 'ok' | 'failed' | 'note'
  /** What went wrong, or the short form of the answer. */
  readonly detail: string
  /** The command or verb does not exist. */
  readonly invented: boolean
}

/** The steps of an attempt. A `plumb` command that the tracer saw as well as the shell counts once. */
export function attemptSteps(
  trace: readonly TraceEvent[],
  executions: readonly Execution[],
): AttemptStep[] {
  const served = trace.some(({ kind }) => kind === 'plumb-called')
  return trace.flatMap((event) => {
    const step = stepOf(event, executions, served)
    return step ? [{ sequence: event.sequence, at: event.at, ...step }] : []
  })
}

type Step = Omit<AttemptStep, 'sequence' | 'at'>

function stepOf(event: TraceEvent, executions: readonly Execution[], served: boolean): Step | null {
  switch (event.kind) {
    case 'plumb-called':
      return plumbStep(event, executions)
    case 'tool-called':
      return toolStep(event, served)
    case 'message':
      return event.role === 'assistant' ? note(`says: ${firstLine(event.text)}`) : null
    case 'usage':
      return null
    default:
      return note(eventText(event))
  }
}

type PlumbCalled = Extract<TraceEvent, { kind: 'plumb-called' }>

function plumbStep(event: PlumbCalled, executions: readonly Execution[]): Step {
  const failed = event.exitCode !== 0
  const detail =
    (failed && event.verb === 'dryrun' && dryRunError(event, executions)) || event.summary
  return {
    what: `plumb ${event.args.map(quoteArgument).join(' ')}`,
    action: `plumb ${event.verb}`,
    state: failed ? 'failed' : 'ok',
    detail: firstLine(detail),
    invented: !event.known,
  }
}

/** The error of the dry run that ended last before the event was written. */
function dryRunError({ at }: PlumbCalled, executions: readonly Execution[]): string | null {
  const last = executions
    .filter(({ purpose, startedAt }) => purpose === 'dryrun' && startedAt <= at)
    .at(-1)
  if (last?.outcome.kind === 'threw') return last.outcome.error.message
  return last?.outcome.kind === 'killed' ? last.outcome.detail : null
}

type ToolCalled = Extract<TraceEvent, { kind: 'tool-called' }>

function toolStep(event: ToolCalled, served: boolean): Step | null {
  const line = textOf(event.input, 'command')
  const invented = event.exitCode === 127
  if (line !== null && served && !invented && callsPlumb(line)) return null
  const failed = event.status === 'error' || (event.exitCode ?? 0) !== 0
  return {
    ...named(event, line),
    state: failed ? 'failed' : 'ok',
    detail: failed ? firstLine(event.output) : '',
    invented,
  }
}

function named(event: ToolCalled, line: string | null): Pick<Step, 'what' | 'action'> {
  if (line !== null)
    return { what: `${event.tool}: ${firstLine(line)}`, action: `shell ${firstLine(line)}` }
  const target = textOf(event.input, 'filePath') ?? ''
  return { what: `${event.tool} ${target}`.trim(), action: event.tool }
}

function callsPlumb(line: string): boolean {
  return shellCommands(line).some(({ words }) => words[0] === 'plumb')
}

function textOf(input: unknown, name: string): string | null {
  if (typeof input !== 'object' || input === null) return null
  const value = (input as Readonly<Record<string, unknown>>)[name]
  return typeof value === 'string' ? value : null
}

function note(text: string): Step {
  return { what: text, action: 'note', state: 'note', detail: '', invented: false }
}

type Milestone = Exclude<TraceEvent, { kind: 'plumb-called' | 'tool-called' | 'message' | 'usage' }>

function eventText(event: Milestone): string {
  switch (event.kind) {
    case 'session-started':
      return `session of ${event.harness} with ${modelLabel(event.model)} begins`
    case 'submitted':
      return `submitted ${event.submissionHash.slice(0, 12)}`
    case 'access-lost':
      return `access lost: ${event.cause}`
    case 'harness-failed':
      return `harness failed (${event.reason}): ${event.detail}${event.willRetry ? '; tried again' : ''}`
    case 'budget-exceeded':
      return `budget of ${event.budget} exceeded: ${event.used} of ${event.limit}`
    case 'session-finished':
      return `session ends: ${event.reason}`
  }
}

function quoteArgument(argument: string): string {
  const short = argument.length > 120 ? `${argument.slice(0, 117)}...` : argument
  return /^[\w@:/{}.,=?&+-]+$/.test(short) ? short : `'${short}'`
}

/** First line with something on it, at most 200 characters. */
export function firstLine(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? ''
  return line.trim().length > 200 ? `${line.trim().slice(0, 197)}...` : line.trim()
}
