import type { Conversation, Player } from '../offline-model/conversation/conversation.js'
import { playFromStart } from '../offline-model/conversation/play-from-start.js'
import type { Play } from '../offline-model/conversation/play-from-start.js'
import type { Rogue } from './rogue.js'

/** Plays the rogue whose interaction the conversation is about: the guide's title names it. */
export function roguePlayer(rogues: readonly Rogue[]): Player {
  return playFromStart((conversation) => play(rogues, conversation))
}

function* play(rogues: readonly Rogue[], { instructions }: Conversation): Play<string> {
  const id = /^# Your task: (\S+)$/m.exec(instructions)?.[1]
  const rogue = rogues.find((one) => one.id === id)
  if (rogue === undefined) return `There is no script for ${id ?? 'this conversation'}.`
  for (const step of rogue.steps) yield step
  return 'Done: the function works, everything was submitted successfully.'
}
