import { setMaxListeners } from 'node:events'
import { listEnvironments } from '@plumb/store'
import { compatHandlers } from '../api/compat/index.js'
import { apiHandlers } from '../api/index.js'
import type { Config } from '../config.js'
import { connectRoutes } from '../http/connect/connect-routes.js'
import { openHttpServer } from '../http/open-http-server.js'
import type { HttpServer } from '../http/open-http-server.js'
import { proxyRoutes } from '../http/proxy/proxy-routes.js'
import { compileSooner } from './compile-sooner.js'
import { ensureFirstKey } from './first-key.js'
import { healthRoutes } from './health-routes.js'
import { endLeftOperations } from './lost-operations.js'
import { openPlumb } from './open-plumb.js'
import { openapiRoutes } from './openapi-routes.js'
import type { Plumb } from './plumb.js'
import { noteRunningServer } from './running-server.js'
import { startUpkeep } from './upkeep.js'
import type { UpkeepTimes } from './upkeep.js'

export type ServeOptions = {
  readonly config: Config
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** Default: the address that is listened on. */
  readonly publicUrl?: string | undefined
  readonly checkAnswers: boolean
  /** Default: every minute, and every hour. */
  readonly upkeep?: UpkeepTimes
  readonly signal: AbortSignal
  readonly progress: (line: string) => void
}

/** How long requests that are under way may take to end, in milliseconds. */
const graceMs = 10_000

/** Serves until `signal` is aborted. Throws PlumbError `port-in-use` and those of opening the database. */
export async function serve(options: ServeOptions): Promise<{ readonly url: string }> {
  const { config, signal, progress } = options
  const address = { publicUrl: options.publicUrl ?? '' }
  const publicUrl = (): string => address.publicUrl
  const plumb = await openPlumb({ config, signal, progress, publicUrl })
  try {
    const http = await openHttpServer({
      ...{
        plumb,
        handlers: [...apiHandlers, ...compatHandlers],
        routes: [healthRoutes, openapiRoutes, connectRoutes, proxyRoutes],
      },
      ...{ host: options.host, port: options.port, checkAnswers: options.checkAnswers },
      report: progress,
    })
    address.publicUrl ||= http.url
    await work(plumb, http, options)
    await http.close(graceMs)
    return { url: http.url }
  } finally {
    await plumb.close()
  }
}

/** From the first request to the end that was asked for. */
async function work(plumb: Plumb, http: HttpServer, options: ServeOptions): Promise<void> {
  const { config, signal, progress } = options
  await endLeftOperations(plumb.db)
  // What starting took is not compiled for it.
  compileSooner()
  // Requests are answered meanwhile.
  const starting = plumb.engine.start()
  await tell(plumb, http, options)
  const forget = await noteRunningServer(config.home, http.url)
  const { db, gateway, syncs } = plumb
  const upkeep = startUpkeep(
    { db, gateway, syncs, settings: config.settings },
    { report: progress, times: options.upkeep },
  )
  try {
    await starting
    // A command may have deployed while no server ran.
    for (const { name } of await listEnvironments(plumb.db)) await plumb.syncs.ensureAll(name)
    plumb.syncs.begin()
    await aborted(signal)
    progress('Stopping: no new requests, waiting for those under way.')
  } finally {
    await upkeep.close()
    await forget()
  }
}

async function tell(plumb: Plumb, http: HttpServer, { config, progress }: ServeOptions) {
  const first = await ensureFirstKey(plumb, config.home)
  if (first !== null) {
    progress(`Secret key of environment ${plumb.environment}, shown this once: ${first.text}`)
    progress(`Commands of this user find it in ${first.path}.`)
  }
  progress(`Plumb serves ${http.url} (environment ${plumb.environment}); end with Ctrl-C.`)
}

function aborted(signal: AbortSignal): Promise<void> {
  setMaxListeners(0, signal)
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
