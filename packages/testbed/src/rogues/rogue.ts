import type { BehaviourId, JsonObject, Outcome } from '@plumb/protocol'
import type { ToolCall } from '../offline-model/conversation/conversation.js'

/** What the brief asks a rogue for; all are about the made-up CRM. */
export type RogueTask = 'get-contact' | 'create-contact' | 'sync-contacts' | 'list-notes'

/** A scripted agent that does one thing it must not do, or the honest twin of some that do. */
export type Rogue = {
  /** Id of the interaction that it is given. */
  readonly id: string
  readonly task: RogueTask
  readonly steps: readonly ToolCall[]
  /** How its attempt has to end. */
  readonly ends: Outcome
  /** The finding that tells of it; null for honest twins and for what leaves no trace worth telling. */
  readonly finding: BehaviourId | null
  /** Why `accepted` is the right end although the agent misbehaved. */
  readonly because?: string
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
