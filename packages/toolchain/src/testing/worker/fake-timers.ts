import { withGlobal } from '@sinonjs/fake-timers'
import type { Clock, Config, FakeMethod } from '@sinonjs/fake-timers'

type Moment = number | string | Date

const engine = withGlobal(globalThis)
const neverByDefault = new Set(['nextTick', 'queueMicrotask'])
const fakeable = (Object.keys(engine.timers) as FakeMethod[]).filter(
  (one) => !neverByDefault.has(one),
)

/** The clock of one test file: real, with a set date only, or wholly under the test's control. */
export class FakeTimers {
  #clock: Clock | undefined
  #whole = false

  useFakeTimers(options: Config = {}): void {
    const now = options.now ?? this.#clock?.now ?? Date.now()
    this.useRealTimers()
    this.#clock = engine.install({ toFake: fakeable, ignoreMissingTimers: true, ...options, now })
    this.#whole = true
  }

  useRealTimers(): void {
    this.#clock?.uninstall()
    this.#clock = undefined
    this.#whole = false
  }

  isFakeTimers(): boolean {
    return this.#whole
  }

  /** Sets the date; without fake timers, of `Date` alone. */
  setSystemTime(moment: Moment = Date.now()): void {
    const now = new Date(moment)
    if (this.#clock) this.#clock.setSystemTime(now)
    else this.#clock = engine.install({ toFake: ['Date'], now, ignoreMissingTimers: true })
  }

  getMockedSystemTime(): Date | null {
    return this.#clock ? new Date(this.#clock.now) : null
  }

  get clock(): Clock {
    if (this.#clock && this.#whole) return this.#clock
    throw new Error('The timers are real. Call vi.useFakeTimers() before advancing them.')
  }
}
