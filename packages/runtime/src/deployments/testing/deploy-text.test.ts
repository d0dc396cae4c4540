import { openTestDatabase } from '@plumb/store/testing'
import { findDeployedFunction, listDeployedFunctions } from '@plumb/store'
import { expect, it } from 'vitest'
import { openTestRunner } from '../../runner/testing/test-runner.js'
import { deployText } from './deploy-text.js'

const text = (description: string) => `
import { createAction } from 'nango'
import * as z from 'zod'
const input: z.ZodType = z.object({ name: z.string() })
export default createAction({ description: '${description}', input, output: z.unknown(),
  exec: async (nango, given) => given })`

it('deploys functions from their text, one beside the other', async () => {
  await using db = await openTestDatabase()
  const runner = await openTestRunner()
  try {
    const parts = { db, pool: runner.pool }
    const order = { integrationKey: 'acme', name: 'greet', code: text('Greets') }
    const first = await deployText(parts, order)
    expect(first.compiled.definition).toMatchObject({ kind: 'action', description: 'Greets' })
    await deployText(parts, { ...order, name: 'other', allow: { credentials: true } })
    const again = await deployText(parts, { ...order, code: text('Greets warmly') })
    expect(again.compiled.definition.description).toBe('Greets warmly')
    expect(again.deploymentId).not.toBe(first.deploymentId)

    const live = await listDeployedFunctions(db, { environment: 'dev', integrationKey: 'acme' })
    expect(live.map(({ compiled, allow }) => [compiled.name, allow.credentials])).toEqual([
      ['greet', false],
      ['other', true],
    ])
    const { deploymentId } = first
    const name = {
      environment: 'dev',
      integrationKey: 'acme',
      kind: 'action',
      name: 'greet',
    } as const
    const before = await findDeployedFunction(db, { ...name, deploymentId })
    expect(before?.compiled.definition.description).toBe('Greets')
    expect(await findDeployedFunction(db, { ...name, deploymentId: 'dep_none' })).toBeNull()
  } finally {
    await runner.close()
  }
})
