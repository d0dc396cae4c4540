import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { providerSchema } from '@plumb/protocol'
import { findDeployedFunction, listDeployments, listIntegrations } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestRunner } from '../runner/testing/test-runner.js'
import type { TestRunner } from '../runner/testing/test-runner.js'
import { deployFunctions, previewDeployment } from './deploy.js'
import type { DeployOrder, DeployParts } from './deploy.js'
import { rollBack } from './roll-back.js'
import { storeBundles } from './store-bundles.js'
import { actionText, sentProject, sha256, syncText } from './testing/sent-project.js'
import type { ProjectText } from './testing/sent-project.js'

let db: TestDatabase
let runner: TestRunner
let parts: DeployParts

beforeAll(async () => {
  db = await openTestDatabase()
  runner = await openTestRunner()
  const provider = providerSchema.parse({
    ...{ name: 'acme', displayName: 'Acme', auth: { mode: 'bearer' } },
    proxy: { baseUrl: 'https://acme.example' },
  })
  const providers: DeployParts['providers'] = new Map([
    ['acme', { provider, path: '/none/acme.yaml', apiDescription: null }],
  ])
  parts = { db, environment: 'dev', providers }
})
beforeEach(async () => {
  for (const table of ['deployments', 'function_bundles', 'integrations'])
    await db.query(`delete from plumb.${table}`)
})
afterAll(async () => {
  await runner?.close()
  await db?.close()
})

const now = '2026-01-01T00:00:00.000Z'
const never = new AbortController().signal
const upload = (bundles: Parameters<typeof storeBundles>[1]) =>
  storeBundles({ ...parts, pool: runner.pool }, bundles, { now, signal: never })

async function deploy(functions: readonly ProjectText[], more: Partial<DeployOrder> = {}) {
  const { manifest, bundles } = sentProject(functions)
  await upload(bundles)
  return deployFunctions(parts, {
    ...{ manifest, id: `dep_${randomUUID()}`, createdBy: 'key_1', now },
    ...{ allow: { credentials: false, uncontrolledFetch: false }, allowDestructive: false },
    ...more,
  })
}

const createItem = actionText({ input: 'z.object({ name: z.string() })' })
const widened = actionText({ input: 'z.object({ name: z.string().optional() })' })
const item = (fields: string) => syncText(`{ Item: z.object({ id: z.string(), ${fields} }) }`)

describe('deploying', () => {
  it('shows what changes, then changes it, and creates the integration of a known provider', async () => {
    const { manifest, bundles } = sentProject([{ name: 'create-item', code: createItem }])
    const allow = { credentials: false, uncontrolledFetch: false }
    const first = await previewDeployment(parts, { manifest, allow })
    expect(first).toMatchObject({ base: null, missingBundles: [sha256(createItem)], changes: [] })
    await upload(bundles)
    const second = await previewDeployment(parts, { manifest, allow })
    expect(second).toMatchObject({
      missingBundles: [],
      changes: [{ change: 'added', name: 'create-item', destructive: false }],
      newIntegrations: ['acme'],
      warnings: [],
    })
    expect(await listDeployments(db, 'dev')).toEqual([])
    expect(await listIntegrations(db, 'dev')).toEqual([])

    const done = await deploy([{ name: 'create-item', code: createItem }], { message: 'first' })
    expect(done).toMatchObject({
      deployed: true,
      deployment: { number: 1, createdBy: 'key_1', message: 'first', state: 'live' },
    })
    expect(await listIntegrations(db, 'dev')).toEqual([
      { integrationKey: 'acme', provider: 'acme' },
    ])
    const again = await deploy([{ name: 'create-item', code: createItem }])
    expect(again).toMatchObject({ deployed: false, changes: [], deployment: { number: 1 } })
  })

  it('warns of integrations that nothing says anything about, and deploys links to each', async () => {
    const linkedAs = ['acme-eu']
    const { warnings } = await deploy([{ name: 'create-item', code: createItem, linkedAs }])
    expect(warnings).toEqual([expect.stringContaining('no integration "acme-eu"')])
    const name = { environment: 'dev', kind: 'action', name: 'create-item' } as const
    const linked = await findDeployedFunction(db, { ...name, integrationKey: 'acme-eu' })
    expect(linked?.compiled.code).toBe(createItem)
  })

  it('leaves an integration alone that exists', async () => {
    const body = { integrationKey: 'acme', provider: 'acme', baseUrl: 'https://own.example' }
    await db.query(
      "insert into plumb.integrations (environment, integration_key, body) values ('dev', 'acme', $1)",
      [JSON.stringify(body)],
    )
    expect(await deploy([{ name: 'x', code: createItem }])).toMatchObject({ newIntegrations: [] })
    expect(await listIntegrations(db, 'dev')).toEqual([body])
  })
})

describe('what products rely on', () => {
  const items = { name: 'items', kind: 'sync', code: item('name: z.string()') } as const

  it('is not taken away without being asked for', async () => {
    await deploy([{ name: 'create-item', code: createItem }, items])
    const broken: [string, readonly ProjectText[]][] = [
      ['action acme/create-item: is removed', [items]],
      [
        'action acme/create-item: input: "owner" must be given now',
        [
          items,
          {
            name: 'create-item',
            code: actionText({ input: 'z.object({ name: z.string(), owner: z.string() })' }),
          },
        ],
      ],
      [
        'sync acme/items: model "Item": "name" is gone',
        [
          { name: 'create-item', code: createItem },
          { ...items, code: item('title: z.string()') },
        ],
      ],
      [
        'sync acme/items: model "Item" is gone',
        [
          { name: 'create-item', code: createItem },
          { ...items, code: syncText('{ Other: z.object({ id: z.string() }) }') },
        ],
      ],
    ]
    for (const [message, functions] of broken) {
      await expect(deploy(functions)).rejects.toMatchObject({
        code: 'deployment-refused',
        message: expect.stringContaining(message),
      })
    }
    expect(await listDeployments(db, 'dev')).toHaveLength(1)
    const done = await deploy([items], { allowDestructive: true })
    expect(done.changes).toMatchObject([{ change: 'removed', destructive: true }])
  })

  it('counts the records that a removed sync leaves behind', async () => {
    await deploy([items])
    const counted: string[] = []
    const countRecords = async (integrationKey: string, models: readonly string[]) => {
      counted.push([integrationKey, ...models].join(' '))
      return 12
    }
    const allow = { credentials: false, uncontrolledFetch: false }
    const { manifest } = sentProject([])
    const { changes } = await previewDeployment({ ...parts, countRecords }, { manifest, allow })
    expect(changes[0]?.details[0]?.text).toContain('12 records')
    expect(counted).toEqual(['acme Item'])
  })

  it('may be widened, run at another pace, and ask for more scopes', async () => {
    await deploy([{ name: 'create-item', code: createItem }, items])
    const faster = syncText(
      '{ Item: z.object({ id: z.string(), name: z.string() }) }',
      'every 5 minutes',
    )
    const { changes } = await deploy([
      { name: 'create-item', code: widened.replace('scopes: []', "scopes: ['items:write']") },
      { ...items, code: faster },
    ])
    expect(changes).toMatchObject([
      {
        destructive: false,
        details: [{ text: expect.stringContaining('scope "items:write" is needed now') }],
      },
      {
        destructive: false,
        details: [{ text: expect.stringMatching(/^frequency: .*hour -> .*5/) }],
      },
    ])
  })

  it('tells of permissions that functions are given', async () => {
    await deploy([{ name: 'create-item', code: createItem }])
    const allow = { credentials: true, uncontrolledFetch: false }
    const { changes, deployed } = await deploy([{ name: 'create-item', code: createItem }], {
      allow,
    })
    expect(changes).toMatchObject([
      { change: 'changed', details: [{ text: 'may read credentials now' }] },
    ])
    expect(deployed).toBe(true)
    const taken = await deploy([{ name: 'create-item', code: createItem }])
    expect(taken).toMatchObject({ deployed: true, changes: [{ change: 'changed', details: [] }] })
  })
})

describe('what is sent', () => {
  it('is not believed: the code says what it declares', async () => {
    const [sync, action] = [item('name: z.string()'), createItem]
    await expect(deploy([{ name: 'x', kind: 'action', code: sync }])).rejects.toMatchObject({
      code: 'deployment-invalid',
      message: expect.stringContaining('declares one of kind "sync"'),
    })
    const { manifest } = sentProject([{ name: 'x', code: action.replace('d', 'e') }])
    await expect(deploy([], { manifest })).rejects.toMatchObject({
      code: 'deployment-invalid',
      message: expect.stringContaining('does not have the code of 1 bundles'),
    })
    await expect(
      deploy([
        { name: 'x', code: action },
        { name: 'x', code: widened },
      ]),
    ).rejects.toMatchObject({ message: expect.stringContaining('"acme/x" twice') })
  })

  it('runs nowhere but in a box, and does not get out of it', async () => {
    const escape = "require('fs').writeFileSync('/tmp/plumb-deploy-escape', 'x')"
    for (const text of [escape, 'throw new Error("no")', 'module.exports = 7', '}{']) {
      await expect(upload([{ file: 'evil.ts', code: text }])).rejects.toMatchObject({
        code: 'function-invalid',
      })
    }
    expect(existsSync('/tmp/plumb-deploy-escape')).toBe(false)
    const known = await db.query('select hash from plumb.function_bundles')
    expect(known).toEqual([])
  })

  it('has a size', async () => {
    const large = `${createItem}\n//${'x'.repeat(4 * 1024 * 1024)}`
    for (const code of [large, `${createItem}//\0`, `${createItem}//\ud800`]) {
      await expect(upload([{ file: 'x.ts', code }])).rejects.toMatchObject({
        code: 'deployment-invalid',
      })
    }
  })
})

describe('rolling back', () => {
  const version = (n: number) => [{ name: 'x', code: createItem.replace("'d'", `'v${n}'`) }]
  const back = (deployment = 'previous') =>
    rollBack(parts, { id: `dep_${randomUUID()}`, createdBy: 'cli', now, deployment })
  const running = async () => {
    const name = { environment: 'dev', integrationKey: 'acme', kind: 'action', name: 'x' } as const
    return (await findDeployedFunction(db, name))?.compiled.definition.description
  }

  it('goes one version back each time, and to any that is kept', async () => {
    await expect(back()).rejects.toMatchObject({ code: 'deployment-unknown' })
    const ids: string[] = []
    for (const n of [1, 2, 3]) ids.push((await deploy(version(n))).deployment.id)
    const first = await back()
    expect(first).toMatchObject({
      deployed: true,
      changes: [{ change: 'changed', name: 'x' }],
      deployment: { number: 4, restoredFrom: ids[1] },
    })
    expect(await running()).toBe('v2')
    await back()
    expect(await running()).toBe('v1')
    await expect(back()).rejects.toMatchObject({ code: 'deployment-unknown' })
    await back(ids[2])
    expect(await running()).toBe('v3')
    expect(await back(ids[2])).toMatchObject({ deployed: false })
    await expect(back('dep_none')).rejects.toMatchObject({
      message: expect.stringContaining('"dep_none"'),
    })
  })

  it('leaves what runs on an earlier version to end on it', async () => {
    const { deployment } = await deploy(version(1))
    await deploy(version(2))
    const name = { environment: 'dev', integrationKey: 'acme', kind: 'action', name: 'x' } as const
    const held = await findDeployedFunction(db, { ...name, deploymentId: deployment.id })
    expect(held?.compiled.definition.description).toBe('v1')
  })
})
