import type { Json, JsonObject } from '@plumb/protocol'
import type { ChatMessage, ChatRequest } from '../endpoint/chat-request.js'
import type { Conversation, Step } from './conversation.js'

/** Takes from a chat request what a player works from. */
export function readConversation(request: ChatRequest): Conversation {
  const outputs = new Map(
    request.messages.flatMap((message) =>
      message.role === 'tool' ? [[message.tool_call_id ?? '', textOf(message)] as const] : [],
    ),
  )
  const told = request.messages.filter(({ role }) => role === 'system' || role === 'user')
  return {
    model: request.model,
    instructions: told.map(textOf).join('\n\n'),
    steps: request.messages.flatMap((message) => stepsOf(message, outputs)),
    tools: request.tools.map((tool) => tool.function.name),
  }
}

/** A call without an output was cut off; it counts as made, with nothing to read. */
function stepsOf(message: ChatMessage, outputs: ReadonlyMap<string, string>): Step[] {
  return (message.tool_calls ?? []).map(({ id, function: { name, arguments: text } }) => ({
    tool: name,
    input: parse(text),
    output: outputs.get(id) ?? '',
  }))
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return text
  }
}

/** The text of a message, also where it is sent as a list of parts. */
export function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content
  return (content ?? []).map((part) => part.text ?? '').join('')
}
