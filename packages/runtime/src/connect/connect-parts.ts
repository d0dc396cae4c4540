import { createHash, randomBytes } from 'node:crypto'
import type { ConnectionHooks } from '../connections/connection-hooks.js'
import type { ConnectionStore } from '../connections/integrations.js'
import { systemClock } from '../gateway/clock.js'
import type { Clock } from '../gateway/clock.js'
import type { Gateway } from '../gateway/connection-gateway.js'
import { openLiveTransport } from '../gateway/live-transport.js'
import type { Transport } from '../gateway/transport.js'
import type { LogWriter } from '../logs/log-writer.js'

/** What authorising accounts needs beside the store. */
export type ConnectTools = {
  readonly hooks: ConnectionHooks
  readonly transport: Transport
  readonly clock: Pick<Clock, 'now'>
  /** A text that nobody can guess, of letters, digits, "-" and "_". */
  readonly newSecret: () => string
  readonly logs?: LogWriter | undefined
}

export type ConnectParts = ConnectionStore & {
  readonly gateway: Gateway
  readonly connect: ConnectTools
  /** Without a trailing slash. */
  readonly publicUrl: string
}

/** The tools of a server. Whoever opened them closes `transport`. */
export function openConnectTools(o: {
  readonly hooks: ConnectionHooks
  readonly logs?: LogWriter
}): ConnectTools {
  return {
    hooks: o.hooks,
    logs: o.logs,
    transport: openLiveTransport(),
    clock: systemClock,
    newSecret: () => randomBytes(32).toString('base64url'),
  }
}

/** How a secret with enough randomness of its own is kept. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Where providers send people back to. */
export function redirectUriOf({ publicUrl }: Pick<ConnectParts, 'publicUrl'>): string {
  return `${publicUrl}/oauth/callback`
}
