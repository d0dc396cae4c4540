import type { Json, JsonObject } from '@plumb/protocol'

/** One use of a tool that a player asks for. */
export type ToolCall = {
  readonly tool: string
  readonly input: JsonObject
  /** What is said beside the call, for whoever reads the trace. */
  readonly say: string
}

/** A finished call: what was asked, and the text that came back. */
export type Step = { readonly tool: string; readonly input: Json; readonly output: string }

/** What a request tells of a session: the instructions, what was done so far, and the tools at hand. */
export type Conversation = {
  readonly model: string
  readonly instructions: string
  readonly steps: readonly Step[]
  readonly tools: readonly string[]
}

/** The next thing a player does: use a tool, or end its turn with a message. */
export type Turn =
  | { readonly kind: 'call'; readonly call: ToolCall }
  | { readonly kind: 'message'; readonly text: string }

/** Decides about the next turn from the conversation alone; the same conversation always gives the same turn. */
export type Player = (conversation: Conversation) => Turn
