import type { Conversation, Player } from '../offline-model/conversation/conversation.js'
import { playFromStart } from '../offline-model/conversation/play-from-start.js'
import type { Play } from '../offline-model/conversation/play-from-start.js'
import type { Script } from './rogue.js'

/** Plays the script whose interaction the conversation is about: the guide's title names it. */
export function roguePlayer(scripts: readonly Script[]): Player {
  return playFromStart((conversation) => play(scripts, conversation))
}

function* play(scripts: readonly Script[], { instructions }: Conversation): Play<string> {
  const id = /^# Your task: (\S+)$/m.exec(instructions)?.[1]
  const script = scripts.find((one) => one.id === id)
  if (script === undefined) return `There is no script for ${id ?? 'this conversation'}.`
  for (const step of script.plan) yield step
  return script.says ?? 'Done: the function works, everything was submitted successfully.'
}
