import type { FunctionClock } from './run-clock.js'

type Callback = (...args: unknown[]) => void
type Pending = { timer: RunTimer; due: number; order: number }

/** What setTimeout and setInterval return, in live and replayed runs alike. */
class RunTimer {
  readonly #cancel: (timer: RunTimer) => void

  constructor(cancel: (timer: RunTimer) => void) {
    this.#cancel = cancel
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }

  close(): this {
    this.#cancel(this)
    return this
  }
}

export type RunTimers = {
  setTimeout(callback: Callback, ms?: number, ...args: unknown[]): RunTimer
  setInterval(callback: Callback, ms?: number, ...args: unknown[]): RunTimer
  clear(timer: unknown): void
  /** Ends every timer of the run. */
  clearAll(): void
}

type Options = {
  clock: FunctionClock
  /** True while the function waits for the host: a stopped clock stands still then. */
  waiting: () => boolean
}

const realSetTimeout = setTimeout
const realClearTimeout = clearTimeout
const realSetImmediate = setImmediate

/**
 * Timers over the function's clock. While it is stopped nothing is waited for: when the function has no call
 * in flight, the clock jumps to the next timer.
 */
export function createRunTimers({ clock, waiting }: Options): RunTimers {
  const virtual = new Map<RunTimer, Pending & { fire: () => void }>()
  const real = new Map<RunTimer, NodeJS.Timeout>()
  let scheduled = false
  let order = 0

  function clear(timer: unknown): void {
    if (!(timer instanceof RunTimer)) return
    virtual.delete(timer)
    realClearTimeout(real.get(timer))
    real.delete(timer)
  }

  function jump(): void {
    scheduled = false
    if (virtual.size === 0) return
    if (!waiting()) fireNext()
    schedule()
  }

  function fireNext(): void {
    const [next] = [...virtual.values()].sort((a, b) => a.due - b.due || a.order - b.order)
    if (next === undefined) return
    virtual.delete(next.timer)
    clock.advanceTo(next.due)
    next.fire()
  }

  function schedule(): void {
    if (scheduled || virtual.size === 0) return
    scheduled = true
    realSetImmediate(jump)
  }

  function start(timer: RunTimer, ms: number, fire: () => void): void {
    if (!clock.stopped) {
      real.set(timer, realSetTimeout(fire, ms))
      return
    }
    order += 1
    virtual.set(timer, { timer, due: clock.now() + ms, order, fire })
    schedule()
  }

  return {
    setTimeout(callback, ms = 0, ...args) {
      const timer = new RunTimer(clear)
      start(timer, delay(ms), () => {
        real.delete(timer)
        callback(...args)
      })
      return timer
    },
    setInterval(callback, ms = 0, ...args) {
      const timer = new RunTimer(clear)
      const fire = (): void => {
        start(timer, delay(ms), fire)
        callback(...args)
      }
      start(timer, delay(ms), fire)
      return timer
    },
    clear,
    clearAll() {
      for (const timer of [...virtual.keys(), ...real.keys()]) clear(timer)
    },
  }
}

/** As in browsers and Node: at least a millisecond, never longer than 2^31. */
function delay(ms: unknown): number {
  const number = Number(ms)
  return number >= 1 && number <= 2 ** 31 - 1 ? Math.trunc(number) : 1
}
