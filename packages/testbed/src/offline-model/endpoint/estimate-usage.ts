import type { Turn } from '../conversation/conversation.js'

export type Usage = {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
}

/** Characters that make up about one token of English text and code. */
const charactersPerToken = 4

const tokens = (characters: number) => Math.ceil(characters / charactersPerToken)

/** What the same exchange would have cost a language model, estimated from its characters. */
export function estimateUsage(requestCharacters: number, turn: Turn): Usage {
  const answered =
    turn.kind === 'message'
      ? turn.text.length
      : turn.call.say.length + JSON.stringify(turn.call.input).length
  const [asked, given] = [tokens(requestCharacters), tokens(answered)]
  return { prompt_tokens: asked, completion_tokens: given, total_tokens: asked + given }
}
