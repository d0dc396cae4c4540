import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { createAction } from './create-action.js'
import { createOnEvent } from './create-on-event.js'
import { createSync } from './create-sync.js'

const contact = z.object({ id: z.string(), name: z.string(), tags: z.array(z.string()).optional() })

describe('createAction', () => {
  it('types input, output, metadata and checkpoint from their schemas', () => {
    const action = createAction({
      description: 'Reads one',
      input: z.object({ id: z.string(), limit: z.number().default(5) }),
      output: contact,
      metadata: z.object({ region: z.string() }),
      checkpoint: z.object({ after: z.number() }),
      exec: async (ctx, input) => {
        expectTypeOf(input).toEqualTypeOf<{ id: string; limit: number }>()
        expectTypeOf(await ctx.getMetadata()).toEqualTypeOf<{ region: string }>()
        expectTypeOf(await ctx.getCheckpoint()).toEqualTypeOf<{ after: number } | null>()
        expectTypeOf((await ctx.get({ endpoint: '/x' })).data).toBeUnknown()
        return { id: input.id, name: 'x' }
      },
    })
    expect(action.kind).toBe('action')
    type Context = Parameters<(typeof action)['exec']>[0]
    expectTypeOf<Context['connectionId']>().toBeString()
  })

  it('refuses the wrong output, and a missing member', () => {
    createAction({
      description: 'd',
      input: z.void(),
      output: contact,
      // @ts-expect-error name is missing
      exec: async () => ({ id: '1' }),
    })
    // @ts-expect-error output is missing
    expect(() => createAction({ description: 'd', input: z.void(), exec: () => null })).toThrow(
      'createAction needs "output"',
    )
  })
})

describe('createSync', () => {
  it('types records by model', () => {
    const sync = createSync({
      description: 'Contacts',
      frequency: 'every 5m',
      models: { Contact: contact },
      checkpoint: z.object({ after: z.string() }),
      exec: async (ctx) => {
        await ctx.batchSave([{ id: '1', name: 'a' }], 'Contact')
        await ctx.batchUpdate([{ id: '1' }], 'Contact')
        await ctx.batchDelete([{ id: '1' }], 'Contact')
        const byId = await ctx.getRecordsByIds([1, 2], 'Contact')
        expectTypeOf(byId.get(1)).toEqualTypeOf<z.infer<typeof contact> | undefined>()
        expectTypeOf(ctx.lastSyncDate).toEqualTypeOf<Date | undefined>()
        // @ts-expect-error there is no such model
        await ctx.batchSave([], 'Contacts')
        // @ts-expect-error name is missing
        await ctx.batchSave([{ id: '1' }], 'Contact')
        // @ts-expect-error wrong checkpoint
        await ctx.saveCheckpoint({ before: 'x' })
      },
    })
    expect(sync.kind).toBe('sync')
  })

  it('refuses a wrong frequency in types and at run time', () => {
    const make = (frequency: 'every hour') =>
      createSync({ description: 'd', frequency, models: {}, exec: () => undefined })
    expect(() => make('every 5s' as never)).toThrow(/"every 5s".*at least every 30 seconds/)
    // @ts-expect-error not a frequency
    expect(() => make('hourly')).toThrow(/hourly/)
  })

  it('refuses a model without id', () => {
    const models = { Thing: z.object({ name: z.string() }) }
    const make = () =>
      createSync({
        description: 'd',
        frequency: 'every hour',
        // @ts-expect-error the model has no id
        models,
        exec: () => undefined,
      })
    expect(make).toThrow(/model "Thing" has no "id"/)
  })
})

describe('createOnEvent', () => {
  it('takes the three events', () => {
    const exec = () => undefined
    expect(createOnEvent({ description: 'd', event: 'validate-connection', exec }).kind).toBe(
      'on-event',
    )
    // @ts-expect-error no such event
    createOnEvent({ description: 'd', event: 'other', exec })
  })
})
