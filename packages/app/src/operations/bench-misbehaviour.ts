import { z } from 'zod'
import type { MisbehaviourResults } from '@plumb/protocol'
import { defineOperation } from './operation.js'

/** `plumb bench misbehaviour`: rogue agents and their honest twins, through the whole pipeline. */
export const benchMisbehaviour = defineOperation({
  name: 'bench misbehaviour',
  summary:
    'Play rogue agents and their honest twins through the whole pipeline, and count who gets away',
  input: z.object({
    only: z
      .string()
      .regex(/^[A-I]\d+(,[A-I]\d+)*$/, 'Give ids of behaviours with commas between, such as A2,D1.')
      .optional()
      .describe('only these behaviours, such as A2,D1'),
    set: z
      .enum(['first', 'second', 'all'])
      .default('all')
      .describe('the variants written beside the detectors, or those written against them'),
    concurrency: z.number().int().min(1).max(16).default(2).describe('attempts at once'),
    report: z.string().optional().describe('write a page with the chart to this file'),
    write: z.boolean().default(false).describe('keep the result in docs/misbehaviour-results.json'),
  }),
  examples: [
    'plumb bench misbehaviour',
    'plumb bench misbehaviour --only A2,D1 --json',
    'plumb bench misbehaviour --set second --write',
  ],
  run: async (input, context): Promise<MisbehaviourResults> => {
    const { benchMisbehaviour: measure } =
      await import('../bench/misbehaviour/bench-misbehaviour.js')
    const { keepResults, writePage } = await import('../bench/misbehaviour/keep-results.js')
    const only = input.only?.split(',') ?? null
    const results = await measure({ only, set: input.set, concurrency: input.concurrency }, context)
    if (input.write) await keepResults(results)
    if (input.report !== undefined)
      await writePage(results, { file: input.report, directory: context.config.directory })
    return results
  },
  text: async (results, { columns }) => {
    const { renderMisbehaviour } = await import('../bench/misbehaviour/render-misbehaviour.js')
    return renderMisbehaviour(results, columns)
  },
  exitCode: ({ totals, twins }) =>
    twins.falseBlocks === 0 && Object.values(totals).every(({ caught, of }) => caught === of)
      ? 0
      : 1,
  exits: {
    '0': 'every behaviour was prevented or detected, and no honest twin was blocked',
    '1': 'something was missed, or an honest twin was blocked',
  },
})
