import type { Engine } from '@plumb/runtime'

export type StartedEngine = Engine & {
  /** Whether it takes work. `unavailable`: it has lost its database, and goes on when that is back. */
  readonly state: 'not started' | 'starting' | 'ok' | 'unavailable' | 'failed'
}

/** An engine that starts when something is left with it, if nobody has started it before. */
export function startedOnDemand(engine: Engine): StartedEngine {
  let state: StartedEngine['state'] = 'not started'
  let starting: Promise<void> | null = null
  const start = (): Promise<void> => {
    if (starting === null) {
      state = 'starting'
      starting = engine.start()
      starting.then(
        () => (state = 'ok'),
        () => (state = 'failed'),
      )
    }
    return starting
  }
  return {
    get state() {
      return state === 'ok' && !engine.isWorking ? 'unavailable' : state
    },
    get isWorking() {
      return engine.isWorking
    },
    define: (workflow) => engine.define(workflow),
    start,
    enqueue: async (name, input, options) => {
      await start()
      return engine.enqueue(name, input, options)
    },
    startHere: async (name, input, options) => {
      await start()
      return engine.startHere(name, input, options)
    },
    status: async (id) => {
      await start()
      return engine.status(id)
    },
    close: async () => {
      // What is closed in the middle of its start would be left half open.
      await starting?.catch(() => undefined)
      await engine.close()
    },
  }
}
