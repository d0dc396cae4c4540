import { expect } from 'vitest'
import type { FaultProject } from './fault-project.js'
import { pageCount, pageSize } from './fault-provider.js'

/** For what happens some time after it was asked for. */
export const patience = { timeout: 90_000, interval: 50 }

/** What is stored of an account when its sync has ended well. */
export const allIds = Array.from({ length: pageSize * pageCount }, (_, n) => `i${n}`).sort()

/** The sync of account `one`. */
export const theSync = { provider_config_key: 'acme', connection_id: 'one', syncs: ['items'] }

/** An error as everybody must find it: with its code, what happened and what to do. */
export const told = (code: string) => ({
  code,
  message: expect.stringMatching(/\S/),
  remedy: expect.stringMatching(/\S/),
})

type Run = {
  readonly id: string
  readonly state: string
  readonly error: { readonly code: string; readonly remedy: string } | null
}

/** What tests ask of a project, which `current` gives: it is there when they begin. */
export function questionsTo(current: () => FaultProject) {
  const beginSync = (mode?: string | null) => beginRun(current(), mode)
  return {
    beginSync,
    lastRun: () => lastRun(current()),
    syncOnce: async (mode?: string): Promise<Run> => (await beginSync(mode))(),
    /** How often the provider was given an order. */
    ordersOf: (text: string): number =>
      current().provider.orders.filter((one) => one === text).length,
    async recordIds(connection = 'one'): Promise<string[]> {
      const { body } = await current().plumb.ask('GET /records?model=Item&limit=1000', {
        connection,
      })
      return (body['records'] as { id: string }[]).map(({ id }) => id).sort()
    },
    /** The newest operation of a function in the log. */
    async logged(name: string): Promise<Record<string, unknown>> {
      const { body } = await current().plumb.ask(`GET /logs?name=${name}&limit=1`)
      return (body['operations'] as Record<string, unknown>[])[0] ?? {}
    },
    /** Makes the provider as honest and as forgetful as it was at the beginning. */
    async begin(): Promise<void> {
      const { provider } = current()
      await provider.up()
      Object.assign(provider, { mood: 'honest', holding: null, holdingPage: null })
      for (const kept of [provider.orders, provider.pages, provider.strayed]) kept.length = 0
    },
  }
}

/** The newest run of the sync; undefined while nothing answers. */
async function lastRun({ plumb }: FaultProject): Promise<Run | undefined> {
  const { body } = await plumb.ask('GET /sync/runs?connection_id=one&limit=1')
  return (body['runs'] as Run[] | undefined)?.[0]
}

/** Begins a run of the sync, or with null its schedule; resolves with what waits for the end of the run. */
async function beginRun(
  project: FaultProject,
  mode: string | null = 'full_refresh_and_clear_cache',
): Promise<() => Promise<Run>> {
  const before = (await lastRun(project))?.id
  const what = mode === null ? 'start' : 'trigger'
  const { status } = await project.plumb.ask(`POST /sync/${what}`, {
    body: { ...theSync, ...(mode !== null && { sync_mode: mode }) },
  })
  expect(status).toBe(200)
  return async () => {
    let ended: Run | undefined
    const state = async (): Promise<string> => {
      const run = await lastRun(project)
      if (run === undefined || run.id === before || run.state === 'running') return 'not yet'
      ended = run
      return 'ended'
    }
    await expect.poll(state, patience).toBe('ended')
    if (ended === undefined) throw new Error('unreachable')
    return ended
  }
}
