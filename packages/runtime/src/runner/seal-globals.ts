import type { FunctionClock } from './run-clock.js'
import type { Randomness } from '@plumb/sdk/replay'
import type { RunTimers } from './run-timers.js'
import { sealedProcess } from './sealed-process.js'

type Parts = {
  clock: FunctionClock
  randomness: Randomness
  timers: RunTimers
  log: (level: 'debug' | 'info' | 'warn' | 'error', words: unknown[]) => void
}

/** Ways out that a function does not have; the box would refuse most of them anyway. */
const removed = [
  'fetch',
  'Request',
  'Response',
  'WebSocket',
  'EventSource',
  'Worker',
  'BroadcastChannel',
  'navigator',
  'gc',
  'SharedArrayBuffer',
  'localStorage',
  'sessionStorage',
  'Storage',
]

/** Replaces what a function must not see, or must see the same way in every run. Works once per process. */
export function sealGlobals(parts: Parts): void {
  for (const name of removed) Reflect.deleteProperty(globalThis, name)
  const { clock, randomness, timers } = parts
  define(globalThis, {
    process: sealedProcess(clock),
    Date: functionDate(clock),
    performance: Object.freeze({ now: () => clock.now(), timeOrigin: 0 }),
    crypto: functionCrypto(randomness),
    console: functionConsole(parts.log),
    setTimeout: timers.setTimeout,
    setInterval: timers.setInterval,
    clearTimeout: timers.clear,
    clearInterval: timers.clear,
  })
  define(Math, { random: () => randomness.fraction() })
  stopFormattingNow(clock)
}

function define(target: object, members: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(target, name, { value, writable: true, configurable: true })
  }
}

/** The machine's Date, but "now" is the function's. */
function functionDate(clock: FunctionClock): DateConstructor {
  const machine = Date
  const dated = new Proxy(machine, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [clock.now()] : args, newTarget) as Date,
    apply: () => new machine(clock.now()).toString(),
  })
  define(machine, { now: () => clock.now() })
  define(machine.prototype, { constructor: dated })
  return dated
}

function functionCrypto(randomness: Randomness): object {
  return Object.freeze({
    subtle: globalThis.crypto.subtle,
    randomUUID: () => randomness.uuid(),
    getRandomValues: <T extends NodeJS.ArrayBufferView>(target: T): T => {
      const { buffer, byteOffset, byteLength } = target
      new Uint8Array(buffer, byteOffset, byteLength).set(randomness.bytes(byteLength))
      return target
    },
  })
}

function functionConsole(log: Parts['log']): object {
  const at =
    (level: Parameters<Parts['log']>[0]) =>
    (...words: unknown[]) =>
      log(level, words)
  const nothing = (): undefined => undefined
  const [debug, info, warn, error] = [at('debug'), at('info'), at('warn'), at('error')]
  const quiet = { time: nothing, timeEnd: nothing, group: nothing, groupEnd: nothing }
  return { ...quiet, debug, trace: debug, log: info, info, dir: info, table: info, warn, error }
}

/** `new Intl.DateTimeFormat().format()` without a date reads the machine's clock. */
function stopFormattingNow(clock: FunctionClock): void {
  const { prototype } = Intl.DateTimeFormat
  const toParts = Reflect.get<Intl.DateTimeFormat, 'formatToParts'>(prototype, 'formatToParts')
  const format = Object.getOwnPropertyDescriptor(prototype, 'format')
  const formatOf = (own: Intl.DateTimeFormat): ((date?: number | Date) => string) =>
    format?.get?.call(own) as (date?: number | Date) => string
  define(prototype, {
    formatToParts(this: Intl.DateTimeFormat, date?: number | Date) {
      return toParts.call(this, date ?? clock.now())
    },
  })
  Object.defineProperty(prototype, 'format', {
    configurable: true,
    get(this: Intl.DateTimeFormat) {
      const own = formatOf(this)
      return (date?: number | Date) => own(date ?? clock.now())
    },
  })
}
