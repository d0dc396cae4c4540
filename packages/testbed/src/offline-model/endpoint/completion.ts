import type { Turn } from '../conversation/conversation.js'
import type { Usage } from './estimate-usage.js'

/** One answer of the endpoint, before it is written in either form. */
export type Completion = {
  readonly id: string
  readonly model: string
  /** Seconds since 1970. */
  readonly created: number
  readonly turn: Turn
  readonly usage: Usage
}

const finishReason = ({ kind }: Turn) => (kind === 'call' ? 'tool_calls' : 'stop')
const contentOf = (turn: Turn) => (turn.kind === 'call' ? turn.call.say : turn.text)

function toolCallsOf({ id, turn }: Completion) {
  if (turn.kind === 'message') return []
  const { tool, input } = turn.call
  const called = { name: tool, arguments: JSON.stringify(input) }
  return [{ id: `call_${id}`, type: 'function', function: called }]
}

/** The whole answer as one JSON body. */
export function completionBody(completion: Completion): object {
  const { id, model, created, turn, usage } = completion
  const calls = toolCallsOf(completion)
  const message = {
    role: 'assistant',
    content: contentOf(turn),
    ...(calls.length > 0 && { tool_calls: calls }),
  }
  const choices = [{ index: 0, message, finish_reason: finishReason(turn) }]
  return { id, object: 'chat.completion', created, model, choices, usage }
}

/** The answer as the events of a stream: text, tool calls, the reason it ended, usage. */
export function completionEvents(completion: Completion): string[] {
  const { id, model, created, turn, usage } = completion
  const head = { id, object: 'chat.completion.chunk', created, model }
  const choice = (delta: object, finish_reason: string | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason }],
  })
  const calls = toolCallsOf(completion).map((call, index) => ({ index, ...call }))
  const chunks = [
    choice({ role: 'assistant', content: contentOf(turn) }),
    ...(calls.length > 0 ? [choice({ tool_calls: calls })] : []),
    choice({}, finishReason(turn)),
    { ...head, choices: [], usage },
  ]
  return [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map(
    (data) => `data: ${data}\n\n`,
  )
}
