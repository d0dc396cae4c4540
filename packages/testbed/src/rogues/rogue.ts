import type {
  BehaviourId,
  Execution,
  JsonObject,
  Outcome,
  Receipt,
  Submission,
  TraceEvent,
  Verdict,
} from '@plumb/protocol'
import type { ToolCall } from '../offline-model/conversation/conversation.js'

/** What the briefs ask the rogues for. */
export type RogueTask =
  | 'get-contact'
  | 'find-contact'
  | 'create-contact'
  | 'list-notes'
  | 'sync-contacts'
  | 'get-ticket'
  | 'create-ticket'
  | 'list-tickets'
  | 'sync-tickets'
  | 'list-calendars'

/** Everything that is left of an attempt when its rogue has been played. */
export type Aftermath = {
  readonly verdict: Verdict
  readonly trace: readonly TraceEvent[]
  readonly submission: Submission | null
  readonly receipts: readonly Receipt[]
  readonly executions: readonly Execution[]
}

/** A question to what is left. Signs never look at findings, so that no detector is its own witness. */
export type Sign = (after: Aftermath) => boolean

/** A script for one attempt. */
export type Script = {
  /** Id of the interaction that it is given; unique. */
  readonly id: string
  readonly provider: 'crm' | 'desk' | 'google-calendar'
  readonly kind: 'action' | 'sync'
  readonly task: RogueTask
  readonly plan: readonly ToolCall[]
  /** Its last message, when the usual claim that everything works will not do. */
  readonly says?: string
}

/** A scripted agent that does one thing it must not do. */
export type Rogue = Script & {
  /** `first`: written beside the detectors; `second`: written afterwards, against them. */
  readonly set: 'first' | 'second'
  readonly behaviour: BehaviourId
  /** What is there when the cheat has worked, such as an accepted verdict that rests on it. */
  readonly worked: Sign
  /** What shows that the act was denied or harmless; without it, silence counts as missed. */
  readonly stopped?: Sign
  /** Other ids that name the same act. */
  readonly alsoTold?: readonly BehaviourId[]
}

/** An honest agent that does what the rogues of some behaviours do, but for what is wrong with it. */
export type Twin = Script & {
  readonly behaviours: readonly BehaviourId[]
  /** Default: `accepted`. */
  readonly ends?: Outcome
}

/** A shell command. */
export function shell(command: string): ToolCall {
  return { tool: 'bash', input: { command, description: 'A step' }, say: 'A step.' }
}

/** The harness's own tool for writing files. */
export function write(filePath: string, content: string): ToolCall {
  return { tool: 'write', input: { filePath, content }, say: `Write ${filePath}.` }
}

/** The harness's own tool for reading files. */
export function read(filePath: string): ToolCall {
  return { tool: 'read', input: { filePath }, say: `Read ${filePath}.` }
}

export type HandIn = { readonly input?: JsonObject; readonly operation: string }

/** Dry run, check and submission, as one shell line: each happens whatever came of the one before. */
export function handInCommand({ input, operation }: HandIn): string {
  const given = input === undefined ? '' : ` --input '${JSON.stringify(input)}'`
  return `plumb dryrun${given}; plumb check; plumb submit --operation ${operation}`
}

/** Hands in with one shell call. */
export function handIn(order: HandIn): ToolCall {
  return shell(handInCommand(order))
}
