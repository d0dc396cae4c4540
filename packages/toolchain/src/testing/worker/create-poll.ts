import type { ExpectStatic } from '@vitest/expect'
import { getSafeTimers } from '@vitest/utils/timers'

type Limits = { readonly timeout?: number; readonly interval?: number; readonly message?: string }
type Matcher = (...given: unknown[]) => unknown

/** `expect.poll`: asserts on what `read` answers until it holds. Defaults: every 50 ms, for 1,000 ms. */
export function createPoll(expect: ExpectStatic) {
  return (read: () => unknown, { timeout = 1000, interval = 50, message }: Limits = {}) => {
    const { setTimeout } = getSafeTimers()
    const attempt = async (path: readonly string[], given: unknown[]) => {
      let target = expect(await read(), message) as unknown as Record<string, unknown>
      for (const name of path.slice(0, -1)) target = target[name] as Record<string, unknown>
      return (target[path.at(-1) ?? ''] as Matcher)(...given)
    }
    const settle = async (path: readonly string[], given: unknown[]) => {
      for (let waited = 0; ; waited += interval) {
        try {
          return await attempt(path, given)
        } catch (error) {
          if (waited >= timeout) throw error
        }
        await new Promise((resolve) => setTimeout(resolve, interval))
      }
    }
    return pathProxy([], settle)
  }
}

/** `a.b.c(x)` becomes `run(['a', 'b', 'c'], [x])`. */
function pathProxy(
  path: readonly string[],
  run: (path: readonly string[], given: unknown[]) => unknown,
): object {
  return new Proxy(() => undefined, {
    get: (_, name) => pathProxy([...path, String(name)], run),
    apply: (_, __, given: unknown[]) => run(path, given),
  })
}
