import { maxFrameBytes, PlumbError } from '@plumb/protocol'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createAction } from '../create-action.js'
import { createSync } from '../create-sync.js'
import type { SyncContext } from '../sync-context.js'
import type { AnyFunction } from './function-definition.js'
import { definitionOf, functionOf } from './function-definition.js'
import { functionError } from './function-error.js'
import { runFunction } from './run-function.js'
import { channel, respond } from './testing/memory-channel.js'
import type { Answers } from './testing/memory-channel.js'

type ActionExec = Parameters<typeof createAction<z.ZodUnknown, z.ZodUnknown>>[0]['exec']

const run = (exec: ActionExec, answers: Answers = {}) => {
  const action = createAction({ description: 'd', input: z.unknown(), output: z.unknown(), exec })
  return runFunction(functionOf(action), channel(answers), null)
}

describe('an action', () => {
  const echo = createAction({
    description: 'd',
    input: z.object({ n: z.number().default(1) }),
    output: z.object({ n: z.number() }),
    exec: (_ctx, input) => input,
  })

  it('gets its parsed input and returns its parsed output', async () => {
    expect(await runFunction(functionOf(echo), channel(), {})).toEqual({ n: 1 })
  })

  it('fails for input or output that do not match', async () => {
    const wrongInput = runFunction(functionOf(echo), channel(), { n: 'x' })
    await expect(wrongInput).rejects.toMatchObject({
      name: 'ValidationError',
      issues: [{ path: 'n' }],
    })
    const lying = { ...echo, exec: () => ({ n: 'x' }) }
    await expect(runFunction(functionOf(lying), channel(), {})).rejects.toThrow(
      /^The output does not match/,
    )
  })

  it('is checked by what is sent, not by what the object says', async () => {
    const twoFaced = { ...echo, exec: () => ({ n: 1, toJSON: () => ({ n: 'other' }) }) }
    await expect(runFunction(functionOf(twoFaced), channel(), {})).rejects.toThrow(/n: /)
  })

  it('takes nothing where its schema is void', async () => {
    const nothing = createAction({
      description: 'd',
      input: z.void(),
      output: z.void(),
      exec: (_ctx, input) => {
        expect(input).toBeUndefined()
      },
    })
    expect(await runFunction(functionOf(nothing), channel(), null)).toBeNull()
  })

  it('throws for answers outside 2xx, and returns those it expects', async () => {
    const ask = (expectedStatus: number[]) =>
      run(async (ctx) => (await ctx.get({ endpoint: '/x', expectedStatus })).status, {
        request: respond(404, { message: 'gone' }),
      })
    await expect(ask([])).rejects.toMatchObject({
      response: { status: 404, data: { message: 'gone' } },
    })
    expect(await ask([404])).toBe(404)
  })

  it('throws when no answer arrives', async () => {
    const request = () => ({ kind: 'unreachable', code: 'timeout', message: 'after 30 s' })
    const failed = run((ctx) => ctx.post({ endpoint: '/x' }), { request })
    await expect(failed).rejects.toMatchObject({ name: 'HttpError', code: 'timeout' })
  })

  it('gets metadata only as its schema says', async () => {
    const action = createAction({
      description: 'd',
      input: z.unknown(),
      output: z.unknown(),
      metadata: z.object({ region: z.string() }),
      exec: async (ctx) => (await ctx.getMetadata()).region,
    })
    const answer = (metadata: unknown) =>
      runFunction(functionOf(action), channel({ getMetadata: () => metadata }), null)
    expect(await answer({ region: 'eu' })).toBe('eu')
    await expect(answer({})).rejects.toThrow(/metadata does not match.*region/)
  })

  it('saves flat checkpoints only', async () => {
    await expect(run((ctx) => ctx.saveCheckpoint({ a: { b: 1 } }))).rejects.toThrow(
      /"a" is {"b":1}/,
    )
  })
})

const tooLarge = new PlumbError({ code: 'request-invalid', message: 'too large', remedy: 'less' })

describe('a sync', () => {
  const model = z.object({
    id: z.string(),
    name: z.string(),
    address: z.object({ city: z.string(), zip: z.string() }).optional(),
  })
  type Ctx = SyncContext<{ Contact: z.infer<typeof model> }>

  async function sync(exec: (ctx: Ctx) => Promise<unknown>, answers: Answers = {}) {
    const host = channel(answers)
    const declared: AnyFunction = functionOf(
      createSync({
        description: 'd',
        frequency: 'every hour',
        models: { Contact: model },
        exec: async (ctx) => void (await exec(ctx)),
      }),
    )
    await runFunction(declared, host, null)
    return host
  }

  it('saves in batches of a thousand', async () => {
    const records = Array.from({ length: 2500 }, (_, n) => ({ id: String(n), name: 'x' }))
    const { calls } = await sync((ctx) => ctx.batchSave(records, 'Contact'))
    const sizes = calls.map(([, args]) => (args as { records: unknown[] }).records.length)
    expect(sizes).toEqual([1000, 1000, 500])
  })

  it('saves large records in as many batches as they need, each once', async () => {
    const records = Array.from({ length: 100 }, (_, n) => ({
      id: String(n),
      name: 'x'.repeat(n === 7 ? 9_000_000 : 300_000),
    }))
    const saved: string[] = []
    const saveRecords = (args: unknown): null => {
      const batch = (args as { records: { id: string }[] }).records
      if (JSON.stringify(args).length > maxFrameBytes) throw tooLarge
      saved.push(...batch.map(({ id }) => id))
      return null
    }
    await sync((ctx) => ctx.batchSave(records, 'Contact'), { saveRecords })
    expect(saved).toEqual(records.map(({ id }) => id))
  })

  it('asks once for a batch that is refused for anything but its size, and for one record alone', async () => {
    let asked = 0
    const saveRecords = (): null => {
      asked += 1
      throw tooLarge
    }
    const save = (...names: string[]) =>
      sync(
        (ctx) =>
          ctx.batchSave(
            names.map((name, n) => ({ id: String(n), name })),
            'Contact',
          ),
        {
          saveRecords,
        },
      )
    await expect(save('a', 'b')).rejects.toBe(tooLarge)
    await expect(save('x'.repeat(maxFrameBytes))).rejects.toBe(tooLarge)
    expect(asked).toBe(2)
  })

  it('saves nothing when one record is wrong, and says which', async () => {
    const records = [{ id: '1', name: 'x' }, { id: '2' }] as { id: string; name: string }[]
    await expect(sync((ctx) => ctx.batchSave(records, 'Contact'))).rejects.toMatchObject({
      issues: [{ path: '1.name' }],
    })
  })

  it('updates with a part of a record, also a nested one, but not with a wrong value', async () => {
    const update = (change: object) =>
      sync((ctx) => ctx.batchUpdate([{ id: '1', ...change }], 'Contact'))
    await update({ address: { city: 'Ulm' } })
    await expect(update({ address: { city: 5 } })).rejects.toThrow(/0.address.city/)
    await expect(update({ name: 5 })).rejects.toThrow(/0.name/)
  })

  it('deletes by id', async () => {
    const nameless = [{ name: 'x' }] as unknown as { id: string }[]
    await expect(sync((ctx) => ctx.batchDelete(nameless, 'Contact'))).rejects.toThrow(/0.id/)
    await sync((ctx) => ctx.batchDelete([{ id: '1' }], 'Contact'))
  })

  it('is told the models when it names another', async () => {
    await expect(sync((ctx) => ctx.batchSave([], 'Contacts' as 'Contact'))).rejects.toThrow(
      /no model "Contacts"; it declares: Contact/,
    )
    await expect(sync((ctx) => ctx.batchSave([], 'constructor' as 'Contact'))).rejects.toThrow(
      /no model/,
    )
  })

  const paged = {
    endpoint: '/x',
    paginate: {
      type: 'cursor',
      cursor_name_in_request: 'c',
      cursor_path_in_response: 'next',
      response_path: 'items',
    },
  } as const

  it('may not end delete tracking after half a walk', async () => {
    const half = async (ctx: Ctx) => {
      await ctx.trackDeletesStart('Contact')
      for await (const page of ctx.paginate(paged)) if (page.length > 0) break
      await ctx.trackDeletesEnd('Contact')
    }
    const request = respond(200, { items: [1], next: 'more' })
    await expect(sync(half, { request })).rejects.toThrow(/before the last page/)
  })

  it('ends delete tracking after a whole walk', async () => {
    const whole = async (ctx: Ctx) => {
      for await (const page of ctx.paginate(paged)) await ctx.log(page)
      await ctx.trackDeletesEnd('Contact')
    }
    const { calls } = await sync(whole, { request: respond(200, { items: [1] }) })
    expect(calls.at(-1)).toEqual(['trackDeletesEnd', { model: 'Contact', confirmed: false }])
  })

  it('finds records by the ids it asked with', async () => {
    const getRecords = ({ ids }: { ids: string[] }) => ids.slice(1).map((id) => ({ id, name: 'x' }))
    await sync(
      async (ctx) => {
        const found = await ctx.getRecordsByIds([1, 2], 'Contact')
        expect([...found.keys()]).toEqual([2])
        expect(ctx.lastSyncDate).toEqual(new Date('2026-01-02T03:04:05.000Z'))
      },
      { getRecords },
    )
  })
})

describe('functionError', () => {
  it('names what was thrown', () => {
    const failed = z.object({ a: z.string() }).safeParse({})
    expect(functionError(failed.error, 'f.ts')).toMatchObject({
      type: 'validation',
      payload: { issues: [{ path: 'a' }] },
    })
    const plumb = new PlumbError({ code: 'host-not-allowed', message: 'm', remedy: 'r' })
    expect(functionError(plumb, 'f.ts')).toMatchObject({
      type: 'plumb-error',
      payload: { code: 'host-not-allowed', remedy: 'r' },
    })
    expect(functionError('text', 'f.ts')).toMatchObject({
      type: 'error',
      message: 'A value was thrown: "text"',
    })
  })

  it('survives payloads that JSON does not', () => {
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    const thrown = Object.assign(new Error('x'), { name: 'x' })
    expect(functionError(thrown, 'f.ts').payload).toBeNull()
    expect(functionError(circular, 'f.ts').message).toBe('A value was thrown: object')
  })
})

describe('definitionOf', () => {
  it('writes the input as callers give it and the output as they get it', () => {
    const action = createAction({
      description: 'd',
      input: z.object({ n: z.number().default(1) }),
      output: z.object({ n: z.number().default(1) }),
      endpoint: { method: 'GET', path: '/n' },
      exec: (_ctx, input) => input,
    })
    const definition = definitionOf(functionOf(action))
    expect(definition.inputSchema).not.toHaveProperty('required')
    expect(definition.outputSchema).toMatchObject({ required: ['n'] })
    expect(definition.endpoints).toEqual([{ method: 'GET', path: '/n', group: null }])
  })

  it('has no schema for nothing', () => {
    const action = createAction({
      description: 'd',
      input: z.void(),
      output: z.void(),
      exec: () => undefined,
    })
    expect(definitionOf(functionOf(action))).toMatchObject({
      inputSchema: null,
      outputSchema: null,
    })
  })
})

describe('a webhook', () => {
  const declared = (onWebhook?: (ctx: SyncContext, payload: unknown) => Promise<void>) =>
    functionOf(
      createSync({
        description: 'd',
        frequency: 'every hour',
        models: { Contact: z.object({ id: z.string() }) },
        webhookSubscriptions: ['contact.*'],
        exec: async (ctx) => ctx.log('exec'),
        ...(onWebhook && { onWebhook: onWebhook }),
      }),
    )

  it('runs onWebhook with its payload, a schedule runs exec', async () => {
    const both = declared(async (ctx, payload) => ctx.log('webhook', payload))
    const webhook = channel({}, { webhook: true })
    await runFunction(both, webhook, { type: 'contact.created' })
    expect(webhook.lines).toEqual(['info webhook {"type":"contact.created"}'])
    const scheduled = channel()
    await runFunction(both, scheduled, null)
    expect(scheduled.lines).toEqual(['info exec'])
    expect(definitionOf(both).webhookSubscriptions).toEqual(['contact.*'])
  })

  it('fails where nothing handles it', async () => {
    const failed = runFunction(declared(), channel({}, { webhook: true }), {})
    await expect(failed).rejects.toMatchObject({ code: 'function-invalid' })
  })
})
