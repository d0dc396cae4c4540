import type { LogLevel } from '../host-channel.js'

/** The levels functions may name, as the host knows them. */
const levels = new Map<unknown, LogLevel>([
  ['debug', 'debug'],
  ['verbose', 'debug'],
  ['silly', 'debug'],
  ['http', 'info'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
])
const order: readonly string[] = ['debug', 'info', 'warn', 'error', 'off']

/** What `ctx.log(...message)` says: words, and as the last argument possibly `{ level }`. */
export function logLine(message: readonly unknown[]): { level: LogLevel; text: string } {
  const level = message.length > 1 ? levelOf(message.at(-1)) : undefined
  const words = level === undefined ? message : message.slice(0, -1)
  return { level: level ?? 'info', text: words.map(wordOf).join(' ') }
}

/** Whether a line of `level` is shown where `least` is the lowest level shown. */
export function isLogged(level: LogLevel, least: string): boolean {
  return order.indexOf(level) >= order.indexOf(least)
}

function levelOf(value: unknown): LogLevel | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return levels.get((value as { level?: unknown }).level)
}

function wordOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Error) return value.message
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
