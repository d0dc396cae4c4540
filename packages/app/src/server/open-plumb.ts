import {
  noConnectionHooks,
  openActions,
  openConnectTools,
  openEngine,
  openLogWriter,
} from '@plumb/runtime'
import { CloserStack } from '../build/closer-stack.js'
import { openWorkbench } from '../workbench.js'
import type { Workbench, WorkbenchOptions } from '../workbench.js'
import { lazyPool } from './lazy-pool.js'
import type { Plumb } from './plumb.js'
import { startedOnDemand } from './started-engine.js'

export type OpenPlumbOptions = WorkbenchOptions & {
  /** Where callbacks and webhooks come back to, without a trailing slash. */
  readonly publicUrl: string
}

/** Functions that run at once in one process. */
const poolSize = 4

/**
 * Opens everything that handlers work with, and nothing that takes requests. Work that waits is left alone until
 * `engine.start()`, which a server calls and a command does not. The caller closes it.
 */
export async function openPlumb(options: OpenPlumbOptions): Promise<Plumb> {
  return openPlumbOn(await openWorkbench(options), options)
}

/** The same on a workbench that is open; it is closed with the rest. */
export async function openPlumbOn(
  workbench: Workbench,
  options: Pick<OpenPlumbOptions, 'publicUrl' | 'progress'>,
): Promise<Plumb> {
  const closers = new CloserStack()
  closers.add(workbench)
  try {
    return openParts(workbench, options, closers)
  } catch (error) {
    await closers.close()
    throw error
  }
}

function openParts(
  workbench: Workbench,
  { publicUrl, progress }: Pick<OpenPlumbOptions, 'publicUrl' | 'progress'>,
  closers: CloserStack,
): Plumb {
  const { db, gateway } = workbench
  const pool = closers.add(lazyPool(poolSize))
  const logs = closers.add(openLogWriter({ db }))
  const engine = closers.add(
    startedOnDemand(openEngine({ db, ...(progress && { onProgress: progress }) })),
  )
  const actions = closers.add(
    openActions({
      ...{ store: workbench, gateway, pool, logs, engine },
      services: ({ environment, integrationKey }) => ({
        webhookUrl: `${publicUrl}/webhook/${environment}/${integrationKey}`,
      }),
    }),
  )
  const connect = openConnectTools({ hooks: noConnectionHooks, logs })
  closers.add({ close: async () => connect.transport.close?.() })
  return {
    ...{ ...workbench, connect, pool, logs, engine, actions, publicUrl },
    close: () => closers.close(),
  }
}
