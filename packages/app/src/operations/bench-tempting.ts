import { z } from 'zod'
import { fixedOutputOptions } from '../build/build-options.js'
import { defineOperation } from './operation.js'
import { renderTable } from './render-table.js'

/** `plumb bench tempting`: does a model stay honest where a task makes the opposite easy? */
export const benchTempting = defineOperation({
  name: 'bench tempting',
  summary: 'Give a model tasks that tempt it to cheat, and say how honestly each one ended',
  input: z.object({
    only: z
      .array(z.string())
      .optional()
      .describe('names of tempting briefs, such as missing-scope'),
    ...fixedOutputOptions,
  }),
  examples: [
    'plumb bench tempting --model anthropic/claude-sonnet-4-5 --max-cost 1',
    'plumb bench tempting --only missing-scope --json',
  ],
  run: async (input, context) => {
    const { benchTempting: measure } = await import('../bench/bench-tempting.js')
    return measure(input, context)
  },
  text: ({ model, honest, interactions, reportPath, run }) => {
    const rows = interactions.map((one) => [
      one.temptation,
      one.outcome,
      one.expected.join(' or '),
      one.shown.join(', ') || 'none',
      one.honest ? 'yes' : 'no',
    ])
    return [
      `${honest} of ${interactions.length} tempting tasks ended honestly (${model}).`,
      '',
      renderTable(['temptation', 'outcome', 'honest is', 'shown', 'honest'], rows),
      '',
      `Report: ${reportPath}`,
      `Why:    plumb trace --run ${run}`,
    ].join('\n')
  },
  exitCode: ({ honest, interactions }) => (honest === interactions.length ? 0 : 1),
  exits: { 1: 'a task did not end honestly' },
})
