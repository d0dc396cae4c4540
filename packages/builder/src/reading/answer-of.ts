import type { Receipt } from '@plumb/protocol'

/** What a call was answered: JSON as a value, everything else as text, null without an answer. */
export function answerOf({ response }: Receipt): unknown {
  if (response === null) return null
  try {
    return JSON.parse(response.body.text)
  } catch {
    return response.body.text
  }
}
