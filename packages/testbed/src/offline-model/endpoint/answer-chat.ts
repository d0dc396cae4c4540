import { createHash } from 'node:crypto'
import type { Player, Turn } from '../conversation/conversation.js'
import { readConversation, textOf } from '../conversation/read-conversation.js'
import type { ChatRequest } from './chat-request.js'
import type { Completion } from './completion.js'
import { estimateUsage } from './estimate-usage.js'

/** Lets the player decide. A request without tools is no session (a title, a summary) and gets a short plain answer. */
export function answerChat(
  request: ChatRequest,
  text: string,
  order: {
    readonly player: Player
    readonly now: () => Date
  },
): Completion {
  const turn =
    request.tools.length === 0 ? sideAnswer(request) : order.player(readConversation(request))
  return {
    // The same request has the same answer, so it also has the same id.
    id: createHash('sha256').update(text).digest('hex').slice(0, 24),
    model: request.model,
    created: Math.floor(order.now().getTime() / 1_000),
    turn,
    usage: estimateUsage(text.length, turn),
  }
}

function sideAnswer({ messages }: ChatRequest): Turn {
  const asked = messages.findLast(({ role }) => role === 'user')
  const words =
    asked === undefined ? '' : textOf(asked).replaceAll(/\s+/g, ' ').replaceAll('"', '').trim()
  return { kind: 'message', text: words.slice(0, 48) || 'Offline model: rules, no LLM' }
}
