import type { Interaction } from '@plumb/protocol'
import { describe, expect, test } from 'vitest'
import { draftFunction } from './draft-function.js'
import type { Draft } from './draft-request.js'
import { runDraft } from './testing/run-draft.js'
import { interaction, shop, shopProvider } from './testing/shop-api.js'

const draft = (description: string, rest: Partial<Interaction> = {}, proxy: object = {}): Draft =>
  draftFunction({
    description: shop,
    provider: shopProvider(proxy),
    interaction: interaction(description, rest),
  })

const order = { id: 7, status: 'new status', note: null, updated_at: '2026-01-01T00:00:00Z' }

describe('choosing', () => {
  test.each<[string, Partial<Interaction>, string]>([
    ['Create an order', { writes: true }, 'orders.create'],
    ['Get an order', {}, 'orders.get'],
    ['List orders', {}, 'orders.list'],
    ['Update an order', {}, 'orders.update'],
    ['Replace an order', { input: { order_id: 'integer', note: 'string' } }, 'orders.replace'],
    ['Delete an order', {}, 'orders.delete'],
    ['Search orders', {}, 'orders.search'],
    ['Add a note to a customer', {}, 'notes.add'],
    ['Keep all orders in step', {}, 'orders.list'],
    ['Sync the notes of customers', {}, 'notes.list'],
  ])('"%s" %o uses %s', (description, rest, id) => {
    expect(draft(description, rest).operation?.id).toBe(id)
  })

  test('words for copies make a sync, others an action; the brief decides where it says so', () => {
    expect(draft('Mirror the customers').kind).toBe('sync')
    expect(draft('List customers').kind).toBe('action')
    expect(draft('List customers', { kind: 'sync' }).kind).toBe('sync')
  })

  test('an operation can be given; the others remain alternatives', () => {
    const request = {
      description: shop,
      provider: shopProvider(),
      interaction: interaction('List orders'),
      operationId: 'orders.search',
    }
    const given = draftFunction(request)
    expect(given.operation?.id).toBe('orders.search')
    expect(given.alternatives.map(({ id }) => id)).toContain('orders.list')
  })

  test('nothing that fits gives a file that says so, without confidence', async () => {
    const nothing = draft('Xylophone zebra')
    expect(nothing).toMatchObject({ operation: null, confidence: 0 })
    await expect(runDraft(nothing.source, {}, [])).rejects.toMatchObject({
      type: 'not_implemented',
    })
    expect(draft('Sync one file', { kind: 'sync', id: 'file' }).source).toContain('createSync')
  })
})

describe('an action', () => {
  test('sends path, constant header and body, and reads the object out of its envelope', async () => {
    const { source, openQuestions } = draft('Create an order', { writes: true })
    const ran = await runDraft(source, { input: { lines: [{ sku: 'a', quantity: 2 }] } }, [
      { data: { data: order } },
    ])
    expect(ran.calls).toEqual([
      {
        verb: 'post',
        config: {
          endpoint: '/orders',
          headers: { 'X-Version': '2024-01' },
          data: { lines: [{ sku: 'a', quantity: 2 }] },
        },
      },
    ])
    expect(ran.result).toEqual({ ...order })
    expect(source).toContain("scopes: ['orders:write']")
    expect(source).not.toContain('retries')
    expect(openQuestions).toEqual([])
  })

  test('encodes path values; an answer without what is documented as required fails', async () => {
    const { source } = draft('Read a file')
    const ran = await runDraft(
      source,
      { input: { name: 'a b/c?d', filter: { kind: 'x', size: 3 } } },
      [{ data: 'text' }],
    )
    expect(ran.calls[0]?.config).toMatchObject({
      endpoint: '/files/a%20b/c%3Fd',
      params: { filter: { kind: 'x', size: 3 } },
      retries: 3,
    })
    expect(ran.result).toEqual({ content: 'text' })
    const { source: get } = draft('Get an order')
    await expect(runDraft(get, { input: { order_id: 7 } }, [{ data: { id: 7 } }])).rejects.toThrow(
      'status',
    )
  })

  test('a deletion without an answer says what was deleted', async () => {
    const ran = await runDraft(draft('Delete an order').source, { input: { order_id: 7 } }, [
      { status: 204, data: '' },
    ])
    expect(ran.result).toEqual({ success: true, order_id: 7 })
  })

  test('form bodies say so', async () => {
    const ran = await runDraft(
      draft('Add a note to a customer').source,
      { input: { customer_id: 1, text: 'hi' } },
      [{ data: { id: 'n', text: 'hi' } }],
    )
    expect(ran.calls[0]?.config).toMatchObject({
      endpoint: '/customers/1/notes',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      data: { text: 'hi' },
    })
  })

  test('an expected status becomes a typed error, or decides a truth value', async () => {
    const get = draft('Get an order', { expectedStatuses: [404] })
    const missing = runDraft(get.source, { input: { order_id: 7 } }, [{ status: 404, data: {} }])
    await expect(missing).rejects.toMatchObject({
      type: 'not_found',
      message: 'Order 7 was not found',
    })
    const check = draft('Check whether a customer is starred', {
      expectedStatuses: [404],
      output: { starred: 'boolean' },
    })
    const starred = async (status: number): Promise<unknown> =>
      (await runDraft(check.source, { input: { customer_id: 1 } }, [{ status, data: '' }])).result
    expect(await starred(204)).toEqual({ starred: true })
    expect(await starred(404)).toEqual({ starred: false })
  })

  test('a provider that refuses with 200 makes the call fail', async () => {
    const { source } = draft('Get an order', {}, { successPath: 'ok' })
    const refused = runDraft(source, { input: { order_id: 7 } }, [
      { data: { ok: false, error: 'no_such_order' } },
    ])
    await expect(refused).rejects.toMatchObject({ type: 'no_such_order' })
    expect(
      (await runDraft(source, { input: { order_id: 7 } }, [{ data: { ok: true, ...order } }]))
        .result,
    ).toMatchObject({ id: 7 })
  })
})

describe('what a brief asks for', () => {
  test('input names are matched to parameters, plain values wrapped, output converted and renamed', async () => {
    const { source, openQuestions } = draft('Create an order', {
      writes: true,
      input: { lines: 'array', customer: 'string', note: 'string?' },
      output: {
        id: 'string',
        state: 'string',
        customerEmail: 'string?',
        skus: { type: 'array', items: { type: 'string' } },
      },
    })
    const answer = { ...order, customer: { id: 'c', email: 'a@b.test' } }
    const ran = await runDraft(source, { input: { lines: [{ sku: 'a' }], customer: 'a@b.test' } }, [
      { data: { data: { ...answer, skus: ['a'] } } },
    ])
    expect(ran.calls[0]?.config.data).toEqual({
      lines: [{ sku: 'a' }],
      customer: { email: 'a@b.test' },
    })
    expect(ran.result).toEqual({
      id: '7',
      state: 'new status',
      customerEmail: 'a@b.test',
      skus: ['a'],
    })
    expect(openQuestions).toEqual([expect.stringContaining('"skus"')])
  })

  test('what the answer lacks is taken from what was sent; success is told for flags', async () => {
    const { source } = draft('Delete an order', { output: { id: 'integer', deleted: 'boolean' } })
    expect(
      (await runDraft(source, { input: { order_id: 7 } }, [{ status: 204, data: '' }])).result,
    ).toEqual({ id: 7, deleted: true })
  })

  test('an input that has no place is asked about, and a required parameter that is not named is added', () => {
    const { openQuestions, source } = draft('Get an order', { input: { colour: 'string' } })
    expect(openQuestions).toEqual([
      expect.stringContaining('"colour"'),
      expect.stringContaining('"order_id"'),
    ])
    expect(source).toContain('order_id: z.number().int()')
  })

  test('a list without a place for a cursor is walked to its end', async () => {
    const { source } = draft('List orders', {
      output: {
        orders: {
          type: 'array',
          items: {
            type: 'object',
            properties: { id: { type: 'string' }, state: { type: 'string' } },
            required: ['id', 'state'],
          },
        },
        total: 'integer',
      },
    })
    const ran = await runDraft(source, {}, [
      { data: { items: [order] } },
      { data: {} },
      { data: { items: [{ ...order, id: 8 }] } },
      null,
    ])
    expect(ran.calls[0]).toMatchObject({
      verb: 'paginate',
      config: { paginate: { type: 'cursor', response_path: 'items', limit: 50 } },
    })
    expect(ran.result).toEqual({
      orders: [
        { id: '7', state: 'new status' },
        { id: '8', state: 'new status' },
      ],
      total: 2,
    })
  })
})

describe('a list action', () => {
  test('returns one page and where to go on', async () => {
    const { source } = draft('List orders')
    const ran = await runDraft(source, { input: { cursor: 'p2', limit: 5, tag: ['a', 'b'] } }, [
      { data: { items: [order], nextPageToken: 'p3' } },
    ])
    expect(ran.calls[0]?.config).toMatchObject({
      endpoint: '/orders',
      params: 'pageToken=p2&limit=5&tag=a&tag=b',
    })
    expect(ran.result).toMatchObject({ items: [{ id: 7 }], nextCursor: 'p3' })
    expect((await runDraft(source, {}, [{ data: {} }])).result).toEqual({ items: [] })
  })

  test('puts cursor and limit into the body of a search', async () => {
    const ran = await runDraft(
      draft('Search orders').source,
      { input: { cursor: 'x', filter: { status: 'open' } } },
      [{ data: { results: [], next: { cursor: 'y' } } }],
    )
    expect(ran.calls[0]).toMatchObject({
      verb: 'post',
      config: { data: { filter: { status: 'open' }, cursor: 'x' } },
    })
    expect(ran.result).toEqual({ items: [], nextCursor: 'y' })
  })
})
