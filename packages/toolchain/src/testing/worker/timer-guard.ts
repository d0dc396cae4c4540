type Timers = Pick<typeof globalThis, 'setTimeout' | 'setInterval' | 'setImmediate'>

/** Keeps count of the timers that test files start, so that those left running at a file's end can be stopped. */
export class TimerGuard {
  #timeouts = new Set<NodeJS.Timeout>()
  #immediates = new Set<NodeJS.Immediate>()
  readonly #real: Timers = { setTimeout, setInterval, setImmediate }

  install(): void {
    Object.assign(globalThis, {
      setTimeout: this.#tracked('setTimeout'),
      setInterval: this.#tracked('setInterval'),
      setImmediate: this.#trackedImmediate(),
    })
  }

  /** Stops what still runs, and says how many that were. */
  stop(): number {
    const left = [...this.#timeouts].filter((one) => isPending(one))
    for (const one of this.#timeouts) clearTimeout(one)
    for (const one of this.#immediates) clearImmediate(one)
    this.#timeouts = new Set()
    this.#immediates = new Set()
    return left.length
  }

  #tracked(name: 'setTimeout' | 'setInterval') {
    const start = this.#real[name] as (...given: unknown[]) => NodeJS.Timeout
    return Object.assign((...given: unknown[]) => {
      const timer = start(...given)
      this.#timeouts.add(timer)
      return timer
    }, withPromisified(this.#real[name]))
  }

  #trackedImmediate() {
    const start = this.#real.setImmediate as (...given: unknown[]) => NodeJS.Immediate
    return Object.assign((...given: unknown[]) => {
      const immediate = start(...given)
      this.#immediates.add(immediate)
      return immediate
    }, withPromisified(this.#real.setImmediate))
  }
}

/** `util.promisify` reads its own form of a timer from a symbol on it. */
function withPromisified(timer: object): object {
  const entries = Reflect.ownKeys(timer)
    .filter((key) => typeof key === 'symbol')
    .map((key) => [key, (timer as Record<symbol, unknown>)[key]])
  return Object.fromEntries(entries) as object
}

/** Whether a timer has neither fired nor been stopped. */
function isPending(timer: NodeJS.Timeout): boolean {
  return !(timer as unknown as { _destroyed: boolean })._destroyed
}
