import { openRunnerPool, openSandbox } from '@plumb/runtime'
import type { RunnerPool, RunnerPoolOptions } from '@plumb/runtime'

type LazyPoolOptions = Pick<RunnerPoolOptions, 'size' | 'idleMs' | 'mostOutputBytes'>

/** A runner pool that starts with its first use: most commands never run a function. */
export function lazyPool(options: LazyPoolOptions): RunnerPool {
  let opened: ReturnType<typeof openPool> | null = null
  const open = () => {
    const opening = openPool(options)
    // What failed is tried again by the next one: a sandbox may have been installed meanwhile.
    opening.catch(() => (opened = null))
    return opening
  }
  const pool = async () => (await (opened ??= open())).pool
  return {
    run: async (order) => (await pool()).run(order),
    describe: async (order) => (await pool()).describe(order),
    close: async () => {
      const parts = await opened?.catch(() => null)
      await parts?.pool.close()
      await parts?.sandbox.close()
    },
  }
}

async function openPool(options: LazyPoolOptions) {
  const sandbox = await openSandbox()
  return { sandbox, pool: await openRunnerPool({ sandbox, ...options }) }
}
