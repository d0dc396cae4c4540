import { builderPlayer } from './builder/builder-player.js'
import type { Player } from './conversation/conversation.js'

/** Players by model name; a request for any other model is refused. */
export const defaultPlayers: Readonly<Record<string, Player>> = { builder: builderPlayer }
