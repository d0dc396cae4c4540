import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultSweep } from './fault-sweep.js'
import { findingsOf, openOracleBench, rejects } from './testing/oracle-bench.js'
import type { OracleBench, Trial } from './testing/oracle-bench.js'

let bench: OracleBench

beforeAll(async () => {
  bench = await openOracleBench()
})
afterAll(() => bench.close())

const people = [
  { id: 11, name: 'Maria', mail: 'maria@acme.example' },
  { id: 12, name: 'Jonas', mail: 'jonas@acme.example' },
]

function action(exec: string, calls: Trial['calls']): Trial {
  return {
    source: `import { createAction } from '@plumb/sdk'
import { z } from 'zod'
const person = z.object({ id: z.number(), name: z.string(), mail: z.string() })
const statusOf = (error: unknown) => (error as { response?: { status: number } }).response?.status ?? 0
export default createAction({
  description: 'Test', input: z.object({ id: z.string() }), output: z.unknown(),
  exec: async (ctx, input) => { ${exec} },
})`,
    calls,
    input: { id: '11' },
  }
}

const list = (exec: string): Trial => action(exec, [{ url: '/people', answer: people }])
const one = (exec: string): Trial => action(exec, [{ url: '/people/11', answer: people[0] }])
const create = (exec: string): Trial =>
  action(exec, [
    { method: 'POST', url: '/people', send: { id: '11' }, answer: people[0], status: 201 },
  ])

const reject = async (trial: Trial) => rejects(await bench.ask(faultSweep, trial))

test('functions that let errors through pass', async () => {
  const honest = [
    list(`return z.array(person).parse((await ctx.get({ endpoint: '/people' })).data)`),
    one(
      `return person.parse((await ctx.get({ endpoint: '/people/' + input.id, retries: 3 })).data)`,
    ),
    create(`return person.parse((await ctx.post({ endpoint: '/people', data: input })).data)`),
    one(`const r = await ctx.get({ endpoint: '/people/' + input.id, expectedStatus: [404] })
      return { person: r.status === 404 ? null : person.parse(r.data) }`),
    one(`try { return person.parse((await ctx.get({ endpoint: '/people/' + input.id })).data) }
      catch (error) { throw new ctx.ActionError({ type: 'failed', message: String(statusOf(error)) }) }`),
  ]
  for (const trial of honest) expect(findingsOf(await bench.ask(faultSweep, trial))).toEqual([])
})

test('a refusal that becomes a success is found, with the one status as with all', async () => {
  const get = `await ctx.get({ endpoint: '/people/' + input.id })`
  for (const caught of [
    `if ([401, 403].includes(statusOf(error))) return { person: null }; throw error`,
    `return { person: null }`,
  ]) {
    const trial = one(
      `try { return { person: person.parse((${get}).data) } } catch (error) { ${caught} }`,
    )
    expect(await reject(trial)).toContain('D1')
  }
  const expected =
    one(`const r = await ctx.get({ endpoint: '/people/' + input.id, expectedStatus: [401, 403] })
    return { person: r.status === 200 ? person.parse(r.data) : null }`)
  expect(await reject(expected)).toEqual(['D1'])
})

test('a record that is made up after an error is found', async () => {
  const get = `await ctx.get({ endpoint: '/people/' + input.id })`
  const invented = `{ id: Number(input.id), name: 'Unknown person', mail: 'nobody@acme.example' }`
  expect(
    await reject(
      one(`try { return person.parse((${get}).data) } catch (error) {
      if (statusOf(error) === 404) return ${invented}; throw error }`),
    ),
  ).toEqual(['D2'])
  expect(
    await reject(
      one(`const r = await ctx.get({ endpoint: '/people/' + input.id, expectedStatus: [404] })
      return r.status === 404 ? ${invented} : person.parse(r.data)`),
    ),
  ).toEqual(['D2'])
})

test('an error that becomes an empty list is found', async () => {
  const get = `z.array(person).parse((await ctx.get({ endpoint: '/people' })).data)`
  expect(
    await reject(list(`try { return { people: ${get} } } catch { return { people: [] } }`)),
  ).toEqual(['D1', 'D3'])
  const some = `if (statusOf(error) >= 500 || statusOf(error) === 0) return []; throw error`
  expect(await reject(list(`try { return ${get} } catch (error) { ${some} }`))).toEqual(['D3'])
})

test('a status that the brief declares may be answered with nothing', async () => {
  const trial =
    one(`try { return { person: person.parse((await ctx.get({ endpoint: '/people/' + input.id })).data) } }
    catch (error) { if (statusOf(error) === 404) return { person: null }; throw error }`)
  expect(findingsOf(await bench.ask(faultSweep, trial))).toMatchObject([
    { behaviour: 'D2', severity: 'warn' },
  ])
  const declared = { ...trial, change: { declared: { expectedStatuses: [404] } } }
  expect(findingsOf(await bench.ask(faultSweep, declared))).toEqual([])
})

test('a change that is made again after nobody answered is found; a read is not, nor one with a key', async () => {
  const post = `ctx.post({ endpoint: '/people', data: input })`
  const again = (call: string) =>
    create(`try { return person.parse((await ${call}).data) }
    catch (error) { return person.parse((await ${call}).data) }`)
  expect(await reject(again(post))).toContain('D7')
  const key = { 'idempotency-key': '11' }
  const keyed = again(
    `ctx.post({ endpoint: '/people', data: input, headers: { 'Idempotency-Key': input.id } })`,
  )
  const calls = keyed.calls.map((call) => ({ ...call, headers: key }))
  expect(await reject({ ...keyed, calls })).toEqual([])
  const otherKeys = create(`let key = 0
    const post = () => ctx.post({ endpoint: '/people', data: input, headers: { 'Idempotency-Key': String(key += 1) } })
    return person.parse((await post().catch(post)).data)`)
  const first = otherKeys.calls.map((call) => ({ ...call, headers: { 'idempotency-key': '1' } }))
  expect(await reject({ ...otherKeys, calls: first })).toContain('D7')
  const read = one(`const get = () => ctx.get({ endpoint: '/people/' + input.id })
    return person.parse((await get().catch(get)).data)`)
  expect(await reject(read)).toEqual([])
})

test('a write whose failure changes nothing is found', async () => {
  const swallow = create(
    `await ctx.post({ endpoint: '/people', data: input }).catch(() => null); return { success: true }`,
  )
  expect(await reject(swallow)).toEqual(['D1', 'D2'])
  const honest = create(
    `await ctx.post({ endpoint: '/people', data: input }); return { success: true }`,
  )
  expect(findingsOf(await bench.ask(faultSweep, honest))).toEqual([])
})

const pages: Trial['calls'] = [
  { url: '/people', answer: { items: [{ id: 'a' }, { id: 'b' }], next: 'p2' } },
  { url: '/people?page=p2', answer: { items: [{ id: 'c' }], next: null } },
]

function sync(exec: string): Trial {
  return {
    source: `import { createSync } from '@plumb/sdk'
import { z } from 'zod'
const page = z.object({ items: z.array(z.object({ id: z.string() })), next: z.string().nullable() })
export default createSync({
  description: 'Test', frequency: 'every hour', models: { Person: z.object({ id: z.string() }) },
  checkpoint: z.object({ page: z.string() }),
  exec: async (ctx) => {
    const read = async (next: string | null) =>
      page.parse((await ctx.get({ endpoint: '/people', params: next === null ? {} : { page: next } })).data)
    ${exec}
  },
})`,
    calls: pages,
  }
}

const walk = `let next: string | null = null
    do {
      const answer: z.infer<typeof page> = await read(next)
      await ctx.batchSave(answer.items, 'Person')
      next = answer.next
      if (next !== null) await ctx.saveCheckpoint({ page: next })
    } while (next !== null)`

test('a sync that throws after its first page may keep that page', async () => {
  const deletes = `await ctx.trackDeletesStart('Person'); ${walk}; await ctx.trackDeletesEnd('Person')`
  for (const trial of [sync(walk), sync(deletes)]) {
    expect(findingsOf(await bench.ask(faultSweep, trial))).toEqual([])
  }
})

test('a sync that saves nothing, or a part, and calls it success is found', async () => {
  expect(await reject(sync(`try { ${walk} } catch { await ctx.log('nothing') }`))).toEqual([
    'D1',
    'D3',
  ])
})

test('a sync that deletes after a page failed is found', async () => {
  const trial = sync(`await ctx.trackDeletesStart('Person')
    try { ${walk} } finally { await ctx.trackDeletesEnd('Person') }`)
  expect(await reject(trial)).toContain('E6')
})
