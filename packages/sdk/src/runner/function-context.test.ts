import { PlumbError } from '@plumb/protocol'
import { expect, it } from 'vitest'
import { FunctionContext } from './function-context.js'
import { RecordsContext } from './records-context.js'
import { z } from 'zod'
import { channel } from './testing/memory-channel.js'
import type { Answers } from './testing/memory-channel.js'

function open(answers: Answers = {}) {
  const host = channel(answers)
  return { host, ctx: new FunctionContext(host, { metadata: undefined, checkpoint: undefined }) }
}

function openRecords(answers: Answers = {}) {
  const host = channel(answers)
  const models = { Contact: z.object({ id: z.string() }) }
  const schemas = { metadata: undefined, checkpoint: undefined, models }
  return { host, ctx: new RecordsContext(host, schemas) }
}

const outside = (status: number, text: string) => () => ({
  kind: 'answered',
  url: 'https://a.example/end',
  response: { status, headers: { 'x-a': 'b' }, body: { encoding: 'utf8', text } },
})

it('answers an outside call with a standard Response', async () => {
  const { ctx, host } = open({ uncontrolledFetch: outside(201, '{"id":"1"}') })
  const form = new URLSearchParams({ token: 'a b' })
  const url = new URL('https://a.example/start')
  const response = await ctx.uncontrolledFetch({
    url,
    method: 'post',
    headers: { 'X-Key': 'k' },
    body: form,
  })
  expect(response).toMatchObject({ ok: true, status: 201, url: 'https://a.example/end' })
  expect(response.headers.get('X-A')).toBe('b')
  expect(await response.clone().json()).toEqual({ id: '1' })
  expect(Buffer.from(await response.arrayBuffer()).toString()).toBe('{"id":"1"}')
  const body = { encoding: 'base64', text: Buffer.from('token=a+b').toString('base64') }
  const headers = { 'x-key': 'k', 'content-type': 'application/x-www-form-urlencoded' }
  expect(host.calls).toEqual([
    ['uncontrolledFetch', { url: url.href, method: 'POST', headers, body }],
  ])
})

it.each([204, 304])('gives no body with status %s', async (status) => {
  const response = await open({ uncontrolledFetch: outside(status, '') }).ctx.uncontrolledFetch({
    url: 'https://a.example/',
  })
  expect(response.body).toBeNull()
})

it('fails as fetch does when nobody answers, and says what cannot be asked', async () => {
  const failed = { kind: 'unreachable', code: 'dns', message: 'no such host' }
  const { ctx } = open({ uncontrolledFetch: () => failed })
  const asked = ctx.uncontrolledFetch({ url: 'https://a.example/' })
  await expect(asked).rejects.toThrow(TypeError)
  await expect(asked).rejects.toThrow(/dns.*no such host/)
  await expect(ctx.uncontrolledFetch({ url: '/x' })).rejects.toThrow(/"url" is "\/x"/)
})

it('has credentials only when the host gives them', async () => {
  const refused = await open({ getConnection: () => ({ connection_id: 'c1' }) }).ctx.getConnection()
  expect(JSON.stringify(refused)).toBe('{"connection_id":"c1"}')
  expect(() => refused.credentials).toThrow(PlumbError)
  expect(() => refused.credentials).toThrow(/does not allow functions to read credentials/)
  const credentials = { type: 'API_KEY', apiKey: 'k' }
  const { ctx, host } = open({ getConnection: () => ({ credentials }), getToken: () => 'token' })
  expect(await ctx.getConnection('other', 'c2', { forceRefresh: true })).toEqual({ credentials })
  const connection = { integrationKey: 'other', connectionId: 'c2' }
  expect(host.calls.at(-1)).toEqual(['getConnection', { connection, refresh: true }])
  expect(await ctx.getToken()).toBe('token')
})

it('asks for other functions by name and variant', async () => {
  const { ctx, host } = open({
    triggerAction: () => ({ ok: 1 }),
    getWebhookURL: () => 'https://w.example',
  })
  expect(await ctx.triggerAction('a', 'c', 'list', { q: 1 })).toEqual({ ok: 1 })
  await ctx.triggerSync('a', 'c', 'contacts')
  await ctx.triggerSync('a', 'c', { name: 'contacts', variant: 'eu' }, true)
  await ctx.startSync('a', ['contacts', { name: 'deals', variant: 'eu' }])
  expect(await ctx.getWebhookURL()).toBe('https://w.example')
  const base = { name: 'contacts', variant: 'base' }
  const common = { integrationKey: 'a', connectionId: 'c' }
  expect(host.calls.slice(0, 4)).toEqual([
    ['triggerAction', { ...common, action: 'list', input: { q: 1 } }],
    ['triggerSync', { ...common, sync: base, mode: 'incremental' }],
    ['triggerSync', { ...common, sync: { ...base, variant: 'eu' }, mode: 'full_refresh' }],
    [
      'startSync',
      { integrationKey: 'a', syncs: [base, { name: 'deals', variant: 'eu' }], connectionId: null },
    ],
  ])
})

it('releases every lock it still holds', async () => {
  const { ctx, host } = open({ acquireLock: ({ key }: { key: string }) => key !== 'taken' })
  for (const key of ['a', 'b', 'taken']) await ctx.tryAcquireLock({ key, ttlMs: 10 })
  await ctx.releaseLock({ key: 'a' })
  await ctx.releaseAllLocks()
  const released = host.calls.filter(([method]) => method === 'releaseLock')
  expect(released.map(([, args]) => args)).toEqual([{ key: 'a' }, { key: 'b' }])
})

it('logs under the names of other loggers, from the level that is asked for', async () => {
  const { ctx, host } = open()
  await ctx.log('a', { level: 'verbose' })
  await ctx.log('b', { n: 1n }, { level: 'http' })
  ctx.setLogger({ level: 'warn' })
  await ctx.log('c')
  await ctx.log('d', { level: 'error' })
  ctx.setLogger({ level: 'off' })
  await ctx.log('e', { level: 'error' })
  expect(host.lines).toEqual(['debug a', 'info b [object Object]', 'error d'])
})

it('answers a change of metadata, and keeps the field mapping in it', async () => {
  const { ctx, host } = open({
    setMetadata: () => ({ a: 1 }),
    getMetadata: () => ({ fieldMapping: { x: 'y' } }),
  })
  expect(await ctx.setMetadata({ a: 1 })).toMatchObject({
    status: 200,
    data: { metadata: { a: 1 }, connection_id: 'c1', provider_config_key: 'example' },
  })
  expect(await ctx.getFieldMapping()).toEqual({ x: 'y' })
  await ctx.setFieldMapping({ q: 'r' })
  expect(host.calls.at(-1)).toEqual(['updateMetadata', { metadata: { fieldMapping: { q: 'r' } } }])
})

it('lists every record, page after page', async () => {
  const { ctx, host } = openRecords({
    listRecords: ({ cursor }: { cursor: string | null }) =>
      cursor === null
        ? { records: [{ id: '1' }, { id: '2' }], next_cursor: 'two' }
        : { records: [{ id: '3' }], next_cursor: null },
  })
  const seen: unknown[] = []
  for await (const record of ctx.listRecords('Contact')) seen.push(record)
  expect(seen).toEqual([{ id: '1' }, { id: '2' }, { id: '3' }])
  const rest: unknown[] = []
  for await (const record of ctx.listRecords('Contact', { cursor: 'two' })) rest.push(record)
  expect(rest).toEqual([{ id: '3' }])
  expect(host.calls).toHaveLength(3)
  await expect(ctx.listRecords('Other').next()).rejects.toThrow(/no model "Other"/)
})

it('tells the host the merging strategy of a model', async () => {
  const { ctx, host } = openRecords()
  await ctx.setMergingStrategy({ strategy: 'ignore_if_modified_after' }, 'Contact')
  expect(host.calls).toEqual([
    ['setMergingStrategy', { model: 'Contact', strategy: 'ignore_if_modified_after' }],
  ])
})
