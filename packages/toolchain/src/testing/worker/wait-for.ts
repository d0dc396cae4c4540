import { getSafeTimers } from '@vitest/utils/timers'

type Clock = { isFakeTimers?: () => boolean; advanceTimersByTime?: (ms: number) => unknown }
type Waiting = {
  readonly check: () => unknown
  readonly options?: object | number | undefined
  readonly vi: object
}

/** Calls `check` until it does not throw; rejects with what it threw last. Defaults: every 50 ms, for 1,000 ms. */
export async function waitFor(waiting: Waiting): Promise<unknown> {
  return poll(waiting, async () => ({ value: await waiting.check() }))
}

/** Calls `check` until it answers something true; what it throws is thrown. */
export async function waitUntil(waiting: Waiting): Promise<unknown> {
  let thrown: { error: unknown } | undefined
  const found = await poll(waiting, async () => {
    try {
      const value = await waiting.check()
      if (!value) throw new Error('Timed out in waitUntil.')
      return { value }
    } catch (error) {
      if (error instanceof Error && error.message === 'Timed out in waitUntil.') throw error
      thrown = { error }
      return { value: undefined }
    }
  })
  if (thrown) throw thrown.error
  return found
}

async function poll(
  waiting: Waiting,
  attempt: () => Promise<{ value: unknown }>,
): Promise<unknown> {
  const { setTimeout } = getSafeTimers()
  const { timeout = 1000, interval = 50 } = limitsOf(waiting.options)
  const clock = waiting.vi as Clock
  let last: unknown
  for (let waited = 0; waited <= timeout; waited += interval) {
    if (clock.isFakeTimers?.()) clock.advanceTimersByTime?.(interval)
    try {
      return (await attempt()).value
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, interval))
  }
  throw last
}

function limitsOf(options: object | number | undefined): { timeout?: number; interval?: number } {
  return typeof options === 'number' ? { timeout: options } : (options ?? {})
}
