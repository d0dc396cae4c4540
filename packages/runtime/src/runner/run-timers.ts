import type { FunctionClock } from './run-clock.js'

type Callback = (...args: unknown[]) => void
type Virtual = { readonly due: number; readonly order: number; readonly fire: () => void }

const machine = { setTimeout, clearTimeout, setImmediate }

/** What setTimeout and setInterval return, in live and replayed runs alike. */
class RunTimer {
  readonly #clear: (timer: RunTimer) => void

  constructor(clear: (timer: RunTimer) => void) {
    this.#clear = clear
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
    this.#clear(this)
    return this
  }
}

/**
 * Timers over the function's clock. While it is stopped nothing is waited for: when the function has no call
 * in flight, the clock jumps to the next timer.
 */
export class RunTimers {
  readonly #clock: FunctionClock
  readonly #waiting: () => boolean
  readonly #virtual = new Map<RunTimer, Virtual>()
  readonly #real = new Map<RunTimer, NodeJS.Timeout>()
  #scheduled = false
  #order = 0

  /** `waiting` is true while the function has a call in flight: a stopped clock stands still then. */
  constructor(clock: FunctionClock, waiting: () => boolean) {
    this.#clock = clock
    this.#waiting = waiting
  }

  readonly setTimeout = (callback: Callback, ms: unknown = 0, ...args: unknown[]): RunTimer => {
    const timer = new RunTimer(this.clear)
    this.#start(timer, delay(ms), () => {
      this.#real.delete(timer)
      callback(...args)
    })
    return timer
  }

  readonly setInterval = (callback: Callback, ms: unknown = 0, ...args: unknown[]): RunTimer => {
    const timer = new RunTimer(this.clear)
    const fire = (): void => {
      this.#start(timer, delay(ms), fire)
      callback(...args)
    }
    this.#start(timer, delay(ms), fire)
    return timer
  }

  readonly clear = (timer: unknown): void => {
    if (!(timer instanceof RunTimer)) return
    this.#virtual.delete(timer)
    machine.clearTimeout(this.#real.get(timer))
    this.#real.delete(timer)
  }

  /** Ends every timer of the run. */
  clearAll(): void {
    for (const timer of [...this.#virtual.keys(), ...this.#real.keys()]) this.clear(timer)
  }

  #start(timer: RunTimer, ms: number, fire: () => void): void {
    if (!this.#clock.stopped) {
      this.#real.set(timer, machine.setTimeout(fire, ms))
      return
    }
    this.#order += 1
    this.#virtual.set(timer, { due: this.#clock.now() + ms, order: this.#order, fire })
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled || this.#virtual.size === 0) return
    this.#scheduled = true
    machine.setImmediate(() => this.#jump())
  }

  #jump(): void {
    this.#scheduled = false
    try {
      if (!this.#waiting()) this.#fireNext()
    } finally {
      this.#schedule()
    }
  }

  #fireNext(): void {
    const sorted = [...this.#virtual].sort(([, a], [, b]) => a.due - b.due || a.order - b.order)
    const [timer, next] = sorted[0] ?? []
    if (timer === undefined || next === undefined) return
    this.#virtual.delete(timer)
    this.#clock.advanceTo(next.due)
    next.fire()
  }
}

/** As in browsers and Node: at least a millisecond, never longer than 2^31. */
function delay(ms: unknown): number {
  const number = Number(ms)
  return number >= 1 && number <= 2 ** 31 - 1 ? Math.trunc(number) : 1
}
