import type { Conversation, Player, ToolCall, Turn } from './conversation.js'

/** A player written as a plain sequence: it yields tool calls, receives their outputs, and returns its last message. */
export type Play<T> = Generator<ToolCall, T, string>

/**
 * Turns a sequence into a player. Each request plays it again from the start and feeds it the outputs in the
 * conversation, so nothing is remembered between requests and a restarted server goes on where the session stood.
 */
export function playFromStart(sequence: (conversation: Conversation) => Play<string>): Player {
  return (conversation) => {
    const play = sequence(conversation)
    let next = play.next()
    for (const step of conversation.steps) {
      if (next.done === true) break
      if (!isSame(next.value, step.tool, step.input)) return diverged(next.value)
      next = play.next(step.output)
    }
    return next.done === true
      ? { kind: 'message', text: next.value }
      : { kind: 'call', call: next.value }
  }
}

function isSame(call: ToolCall, tool: string, input: unknown): boolean {
  return call.tool === tool && JSON.stringify(call.input) === JSON.stringify(input)
}

function diverged(call: ToolCall): Turn {
  const text = `This session holds a call that the offline model did not make; it expected ${call.tool}. It cannot go on.`
  return { kind: 'message', text }
}
