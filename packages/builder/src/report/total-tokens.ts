import type { TokenUsage } from '@plumb/protocol'

/** All kinds of tokens added. */
export function totalTokens(tokens: TokenUsage): number {
  return tokens.input + tokens.output + tokens.reasoning + tokens.cacheRead + tokens.cacheWrite
}
