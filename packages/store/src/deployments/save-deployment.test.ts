import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FunctionDefinition } from '@plumb/protocol'
import { openTestDatabase } from '../testing/open-test-database.js'
import type { TestDatabase } from '../testing/open-test-database.js'
import { findDeployedFunction, listDeployedEntries } from './deployed-functions.js'
import type { DeployedEntry } from './deployed-functions.js'
import { getDeployment, getLiveDeployment, listDeployments } from './deployments.js'
import { saveDeployment } from './save-deployment.js'
import type { NewDeployment } from './save-deployment.js'

let db: TestDatabase
let ids = 0

beforeAll(async () => {
  db = await openTestDatabase()
  await db.query("insert into plumb.environments (name) values ('prod')")
})
beforeEach(async () => {
  await db.query('delete from plumb.deployments')
  await db.query('delete from plumb.function_bundles')
})
afterAll(async () => {
  await db?.close()
})

const definition: FunctionDefinition = {
  ...{ kind: 'action', description: 'd', version: null, scopes: [], endpoints: [] },
  ...{ inputSchema: null, outputSchema: null, models: {}, checkpointSchema: null },
  ...{ metadataSchema: null, frequency: null, autoStart: true, syncType: null },
  ...{ trackDeletes: false, event: null },
}

const entry = (integrationKey: string, name: string, code: string): DeployedEntry => ({
  ...{ integrationKey, kind: 'action', name, fileName: `${name}.ts`, sourceHash: 's' },
  bundleHash: `hash of ${code}`,
  allow: { credentials: false, uncontrolledFetch: false },
})

/** Deploys functions given as `integration/name/code`. */
function deploy(functions: readonly string[], more: Partial<NewDeployment> = {}) {
  ids += 1
  const entries = functions.map((one) => {
    const [integrationKey = '', name = '', code = ''] = one.split('/')
    return { ...entry(integrationKey, name, code), code }
  })
  return saveDeployment(db, {
    ...{ environment: 'dev', id: `d${ids}`, createdBy: 'cli', now: '2026-01-01T00:00:00.000Z' },
    functions: entries,
    bundles: entries.map(({ code, bundleHash: hash }) => ({ hash, code, definition })),
    ...more,
  })
}

async function live(environment = 'dev'): Promise<string[]> {
  const found = await listDeployedEntries(db, { environment })
  return found.map(({ integrationKey, name, bundleHash }) =>
    [integrationKey, name, bundleHash.replace('hash of ', '')].join('/'),
  )
}

describe('saveDeployment', () => {
  it('replaces what is live and keeps what was', async () => {
    const first = await deploy(['a/x/1', 'b/y/1'], { message: 'first' })
    const second = await deploy(['a/x/2'])
    expect(await live()).toEqual(['a/x/2'])
    expect([first.kind, second.kind]).toEqual(['deployed', 'deployed'])
    expect(await listDeployments(db, 'dev')).toMatchObject([
      { number: 2, state: 'live', functions: 1, supersededAt: null },
      { number: 1, state: 'superseded', functions: 2, message: 'first', createdBy: 'cli' },
    ])
  })

  it('takes the same content for no change, whatever the order and the file', async () => {
    const first = await deploy(['a/x/1', 'a/y/1'])
    const again = await deploy(['a/y/1', 'a/x/1'])
    expect(again).toMatchObject({
      kind: 'unchanged',
      deployment: first.kind === 'deployed' ? { id: first.deployment.id } : {},
    })
    const functions = [entry('a', 'x', '1'), entry('a', 'y', '1')]
    const allowed = functions.map((one) => ({
      ...one,
      allow: { credentials: true, uncontrolledFetch: false },
    }))
    expect((await deploy([], { functions: allowed })).kind).toBe('deployed')
    expect(await listDeployments(db, 'dev')).toHaveLength(2)
  })

  it('leaves the other integrations alone when one is deployed', async () => {
    await deploy(['a/x/1', 'a/gone/1', 'b/y/1'])
    await deploy(['a/x/2'], { integrationKey: 'a' })
    expect(await live()).toEqual(['a/x/2', 'b/y/1'])
  })

  it('loses nothing of deployments that come at once', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `i${String(index).padStart(2, '0')}`)
    await Promise.all(names.map((key) => deploy([`${key}/f/1`], { integrationKey: key })))
    expect(await live()).toEqual(names.map((key) => `${key}/f/1`))
    const all = await listDeployments(db, 'dev')
    expect(all.map(({ number }) => number)).toEqual(names.map((_, index) => 12 - index))
    expect(all.filter(({ state }) => state === 'live')).toHaveLength(1)
  })

  it('refuses what was decided about another live deployment', async () => {
    const first = await deploy(['a/x/1'], { base: null })
    if (first.kind !== 'deployed') throw new Error(first.kind)
    const { id } = first.deployment
    const both = [deploy(['a/x/2'], { base: id }), deploy(['a/x/3'], { base: id })]
    const kinds = (await Promise.all(both)).map(({ kind }) => kind)
    expect(kinds.sort()).toEqual(['conflict', 'deployed'])
    expect(await deploy(['a/x/9'], { base: null })).toMatchObject({ kind: 'conflict' })
    expect(await listDeployments(db, 'dev')).toHaveLength(2)
  })

  it('keeps nothing of a deployment that fails half way', async () => {
    await deploy(['a/x/1'])
    await expect(deploy(['a/x/2'], { bundles: [] })).rejects.toThrow()
    await expect(deploy(['a/x/2', 'a/x/2'])).rejects.toThrow()
    expect(await live()).toEqual(['a/x/1'])
    expect((await getLiveDeployment(db, 'dev'))?.number).toBe(1)
  })

  it('keeps environments apart', async () => {
    const first = await deploy(['a/x/1'])
    await deploy(['a/x/2'], { environment: 'prod' })
    expect([await live('dev'), await live('prod')]).toEqual([['a/x/1'], ['a/x/2']])
    const id = first.kind === 'deployed' ? first.deployment.id : ''
    expect(await getDeployment(db, 'prod', id)).toBeNull()
    const name = { integrationKey: 'a', kind: 'action', name: 'x', deploymentId: id } as const
    expect(await findDeployedFunction(db, { ...name, environment: 'prod' })).toBeNull()
    await expect(deploy(['a/x/1'], { environment: 'nowhere' })).rejects.toMatchObject({
      code: 'environment-unknown',
    })
  })

  it('removes old deployments with their code, but none that may still run', async () => {
    const at = (day: number) => `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`
    for (const day of [1, 3, 5, 7]) await deploy([`a/x/${day}`], { now: at(day), keep: 2 })
    expect((await listDeployments(db, 'dev')).map(({ number }) => number)).toEqual([4, 3])
    const codes = await db.query<{ code: string }>(
      'select code from plumb.function_bundles order by code',
    )
    expect(codes.map(({ code }) => code)).toEqual(['5', '7'])
    for (const name of ['p', 'q', 'r']) await deploy([`a/x/${name}`], { now: at(7), keep: 2 })
    expect(await listDeployments(db, 'dev')).toHaveLength(5)
  })
})
