import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FaultProject } from './faults/fault-project.js'
import { startFaultProject } from './faults/fault-project.js'
import { allIds, patience, questionsTo, theSync, told } from './faults/questions.js'

/* What those do who are not trusted, the provider and the function: it is told, and costs nobody else anything. */

let project: FaultProject
const { begin, beginSync, logged, recordIds, syncOnce } = questionsTo(() => project)

beforeAll(async () => {
  project = await startFaultProject()
})

afterAll(() => project?.close())

beforeEach(begin)

describe('a provider', () => {
  test('that is down is told, and works again when it is back', async () => {
    const { plumb, provider } = project
    await provider.down()
    expect(await plumb.act('look', {})).toMatchObject({
      status: 424,
      body: { error: told('action-provider-failed') },
    })
    await expect
      .poll(() => logged('look'), patience)
      .toMatchObject({ state: 'failed', error: told('action-provider-failed') })
    const failed = await syncOnce()
    expect(failed).toMatchObject({ state: 'failed', error: told('sync-failed') })
    await expect
      .poll(() => logged('items'), patience)
      .toMatchObject({ state: 'failed', error: told('sync-failed') })
    await provider.up()
    expect(await plumb.act('look', {})).toMatchObject({ status: 200 })
    expect(await syncOnce()).toMatchObject({ state: 'success' })
    expect(await recordIds()).toEqual(allIds)
  })

  test.each(['garbage', 'wrong shape', 'error in 200'] as const)(
    'that lies (%s) saves nothing and is told',
    async (mood) => {
      const { plumb, provider } = project
      expect(await syncOnce()).toMatchObject({ state: 'success' })
      provider.mood = mood
      const { status, body } = await plumb.act('look', {})
      expect(status).toBe(424)
      const { code } = body['error'] as { code: string }
      expect(body['error']).toMatchObject(told(code))
      await expect
        .poll(() => logged('look'), patience)
        .toMatchObject({ state: 'failed', error: told(code) })
      const failed = await syncOnce('full_refresh')
      expect(failed).toMatchObject({ state: 'failed', error: told('sync-failed') })
      // What was known stays known.
      expect(await recordIds()).toEqual(allIds)
    },
  )

  test('that redirects to another origin gets the credential there never', async () => {
    const { plumb, provider } = project
    provider.mood = 'elsewhere'
    const { status, body } = await plumb.act('look', {})
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body['error']).toMatchObject({ remedy: expect.stringMatching(/\S/) })
    expect(provider.strayed.map((headers) => headers.authorization)).not.toContain(
      'Bearer tok-secret-1',
    )
    expect(provider.strayed).toEqual([])
  })

  test('whose pages never end holds nobody else up, and can be stopped', async () => {
    const { plumb, provider } = project
    provider.mood = 'endless'
    const synced = await beginSync()
    await expect.poll(() => Math.max(0, ...provider.pages), patience).toBeGreaterThan(20)
    expect((await plumb.act('look', {}, { connection: 'two' })).status).toBe(200)
    await plumb.ask('POST /sync/pause', { body: theSync })
    expect(await synced()).toMatchObject({ state: 'paused' })
    // What was on its way when it ended may still arrive.
    const arriving = async (): Promise<number> => {
      const before = provider.pages.length
      await new Promise((resolve) => setTimeout(resolve, 300))
      return provider.pages.length - before
    }
    await expect.poll(arriving, patience).toBe(0)
    provider.mood = 'honest'
    expect(await syncOnce()).toMatchObject({ state: 'success' })
    expect(await recordIds()).toEqual(allIds)
  })
})

/** A hostile function runs while somebody else's actions go on. */
async function expectHarmless(how: string, expected: { status: number; code: string }) {
  const hostile = project.plumb.act('hostile', { how })
  const state = { ended: false }
  void hostile.finally(() => (state.ended = true))
  let others = 0
  for (; !state.ended || others < 5; others += 1) {
    const text = `beside ${how} ${others}`
    const other = await project.plumb.act('order', { text }, { connection: 'two' })
    expect(other).toEqual({ status: 200, body: { taken: text } })
  }
  const { status, code } = expected
  expect(await hostile).toMatchObject({ status, body: { error: told(code) } })
  await expect
    .poll(() => logged('hostile'), patience)
    .toMatchObject({ state: 'failed', error: told(code) })
}

test.each([
  ['memory', 'action-crashed'],
  ['output', 'output-invalid'],
])('a hostile function (%s) is ended and told, and hurts nobody else', async (how, code) => {
  await expectHarmless(how, { status: 424, code })
})

describe('what takes for ever', () => {
  beforeAll(async () => {
    expect(await project.served.stop()).toBe(0)
    await project.restart({ PLUMB_ACTION_DEADLINE_SECONDS: '10' })
  })

  test('a provider that never answers costs an action its deadline and no more', async () => {
    project.provider.mood = 'silent'
    const [slow, other] = await Promise.all([
      project.plumb.act('look', {}),
      project.plumb.act('order', { text: 'meanwhile' }, { connection: 'two' }),
    ])
    expect(slow).toMatchObject({ status: 504, body: { error: told('action-timed-out') } })
    expect(other.status).toBe(200)
    await expect
      .poll(() => logged('look'), patience)
      .toMatchObject({ state: 'failed', error: told('action-timed-out') })
  })

  test('a hostile function (loop) is ended and told, and hurts nobody else', async () => {
    await expectHarmless('loop', { status: 504, code: 'action-timed-out' })
  })
})
