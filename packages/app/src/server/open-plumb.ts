import {
  connectionHooks,
  openActions,
  openConnectTools,
  openEngine,
  openLogWriter,
  openSyncs,
  readVariables,
} from '@plumb/runtime'
import type { Actions, Syncs } from '@plumb/runtime'
import { CloserStack } from '../build/closer-stack.js'
import { openWorkbench } from '../workbench.js'
import type { Workbench, WorkbenchOptions } from '../workbench.js'
import { defaultSettings } from '../settings/read-settings.js'
import type { Settings } from '../settings/settings.js'
import { connectionLife } from './connection-life.js'
import { KnownKeys } from './known-keys.js'
import { lazyPool } from './lazy-pool.js'
import type { Plumb } from './plumb.js'
import { startedOnDemand } from './started-engine.js'
import { supplyFunctions } from './supply-functions.js'

type Surroundings = Pick<WorkbenchOptions, 'progress'> & {
  /** Where callbacks and webhooks come back to, without a trailing slash; known at the latest with the first request. */
  readonly publicUrl: () => string
  /** What functions of every environment read as environment variables, where it has none of that name itself. */
  readonly variables?: Readonly<Record<string, string>>
  /** Default: those of the table. */
  readonly settings?: Settings | undefined
}

/**
 * Opens everything that handlers work with, and nothing that takes requests. Work that waits is left alone until
 * `engine.start()`, which a server calls and a command does not. The caller closes it.
 */
export async function openPlumb(options: WorkbenchOptions & Surroundings): Promise<Plumb> {
  const { environment, settings } = options.config
  const variables = functionVariables(environment)
  return openPlumbOn(await openWorkbench(options), { variables, settings, ...options })
}

/** The same on a workbench that is open; it is closed with the rest. */
export async function openPlumbOn(
  workbench: Workbench,
  surroundings: Surroundings,
): Promise<Plumb> {
  const closers = new CloserStack()
  closers.add(workbench)
  try {
    return openParts(workbench, surroundings, closers)
  } catch (error) {
    await closers.close()
    throw error
  }
}

function openParts(
  workbench: Workbench,
  { publicUrl, progress, variables, settings = defaultSettings }: Surroundings,
  closers: CloserStack,
): Plumb {
  const { db, gateway } = workbench
  const told = progress === undefined ? {} : { onProgress: progress }
  const { runnerPoolSize: size, runnerIdleSeconds, actionOutputBytes: mostOutputBytes } = settings
  const idleMs = runnerIdleSeconds * 1000
  const pool = closers.add(lazyPool({ size, idleMs, mostOutputBytes }))
  const logs = closers.add(openLogWriter({ db }))
  const engine = closers.add(startedOnDemand(openEngine({ db, ...told })))
  // Functions of either may ask for the other.
  const services = supplyFunctions({
    ...{ publicUrl, actions: () => actions, syncs: () => syncs },
    variables: async (environment) => ({
      ...variables,
      ...(await readVariables({ ...workbench, environment })),
    }),
  })
  const running = { store: workbench, gateway, pool, logs, engine, services }
  const actions: Actions = closers.add(
    openActions({
      ...running,
      deadlineMs: settings.actionDeadlineSeconds * 1000,
      concurrency: settings.actionsAtOnce,
      perConnection: settings.actionsPerConnection,
    }),
  )
  const syncs: Syncs = closers.add(
    openSyncs({
      ...{ ...running, ...told },
      limits: {
        sliceMs: settings.syncSliceSeconds * 1000,
        concurrency: settings.syncsAtOnce,
        perEnvironment: settings.syncsPerEnvironment,
      },
    }),
  )
  const connect = openConnectTools({ hooks: connectionLife(connectionHooks(running), syncs), logs })
  closers.add({ close: async () => connect.transport.close?.() })
  const knownKeys = closers.add(new KnownKeys(workbench))
  return {
    ...{ ...workbench, knownKeys, connect, pool, logs, engine, actions, syncs },
    get publicUrl() {
      return publicUrl()
    },
    close: () => closers.close(),
  }
}

/** `PLUMB_FN_NAME` of this process is `NAME` for functions. */
function functionVariables(environment: Readonly<Record<string, string | undefined>>) {
  const prefix = 'PLUMB_FN_'
  const found = Object.entries(environment).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(found.map(([name, value = '']) => [name.slice(prefix.length), value]))
}
