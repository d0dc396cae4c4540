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

describe('a sync', () => {
  test('reads what changed since the checkpoint, in every state, and moves the checkpoint to its own start', async () => {
    const { source } = draft('Sync orders', { kind: 'sync' })
    const before = Date.now()
    const ran = await runDraft(source, { checkpoint: { changedSince: '2026-01-01T00:00:00Z' } }, [
      { data: { items: [order] } },
      null,
    ])
    expect(ran.calls[0]?.config).toMatchObject({
      params: { updated_after: '2026-01-01T00:00:00Z', status: 'all' },
      retries: 3,
    })
    expect(ran.saved).toMatchObject([{ id: '7', note: null }])
    const { changedSince } = ran.checkpoint as { changedSince: string }
    expect(Date.parse(changedSince)).toBeGreaterThanOrEqual(before)
    expect((await runDraft(source, {}, [null])).calls[0]?.config.params).toEqual({ status: 'all' })
  })

  test('is a full refresh with delete tracking when the brief wants deletions and the list cannot show them', async () => {
    const { source } = draft('Sync orders, also those deleted', { kind: 'sync' })
    const ran = await runDraft(source, {}, [{ data: { items: [order] } }, null])
    expect(ran.tracked).toEqual(['start Order', 'end Order'])
    expect(ran.calls[0]?.config.params).toEqual({ status: 'all' })
  })

  test('walks the parents of a nested list and makes ids unique below them', async () => {
    const { source, openQuestions } = draft('Sync notes of all customers', { kind: 'sync' })
    const note = { id: 'n1', text: 'hi' }
    const ran = await runDraft(source, {}, [
      { data: [{ id: 1 }, { id: 2 }] },
      { data: { items: [note] } },
      null,
      { data: { items: [note] } },
      null,
    ])
    expect(ran.calls.map(({ config }) => config.endpoint)).toEqual([
      '/customers',
      '/customers/1/notes',
      '/customers/2/notes',
    ])
    expect(ran.saved).toMatchObject([
      { id: '1:n1', customerId: '1' },
      { id: '2:n1', customerId: '2' },
    ])
    expect(openQuestions[0]).toContain('customers.list')
  })

  test('reads one parent where the words name it', () => {
    const named = draft('Sync the notes of a customer', {
      kind: 'sync',
      prompt: 'The customer id is c1.',
    })
    expect(named.source).toContain('metadata.')
    expect(named.source).not.toContain('customers.list')
  })

  test('takes from the metadata what no list gives, and pages by the last id', async () => {
    const { source } = draft('Sync the stock of a shop', { kind: 'sync' })
    const ran = await runDraft(source, { metadata: { shop: 'a b', region: 'eu' } }, [
      { data: { data: [{ id: 'x' }], has_more: true } },
      { data: { data: [{ id: 'y' }], has_more: false } },
    ])
    expect(ran.calls.map(({ config }) => [config.endpoint, config.params])).toEqual([
      ['/shops/a%20b/eu/stock', {}],
      ['/shops/a%20b/eu/stock', { starting_after: 'x' }],
    ])
    expect(ran.saved).toEqual([{ id: 'x' }, { id: 'y' }])
  })

  test('keeps the members a brief names', async () => {
    const { source } = draft('Sync orders', {
      kind: 'sync',
      output: { id: 'string', state: 'string' },
    })
    const ran = await runDraft(source, {}, [{ data: { items: [order] } }, null])
    expect(ran.saved).toEqual([{ id: '7', state: 'new status' }])
  })

  test('fails when a page of a provider that refuses with 200 is refused', async () => {
    const { source } = draft('Sync orders', { kind: 'sync' }, { successPath: 'ok' })
    const run = runDraft(source, {}, [
      { data: { ok: true, items: [order] } },
      { data: { ok: false, error: 'expired' } },
    ])
    await expect(run).rejects.toMatchObject({ type: 'expired' })
  })
})
