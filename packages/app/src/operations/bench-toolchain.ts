import { resolve } from 'node:path'
import { z } from 'zod'
import type { ToolchainMeasurement } from '../bench/bench-toolchain.js'
import { defineOperation } from './operation.js'
import { renderTable } from './render-table.js'

/** `plumb bench toolchain`: what compiling and testing costs, alone or beside the published CLI. */
export const benchToolchain = defineOperation({
  name: 'bench toolchain',
  summary:
    'Measure compiling and testing of generated projects, side by side with another toolchain',
  input: z.object({
    functions: z
      .string()
      .regex(/^\d+(,\d+)*$/, 'Give whole numbers with commas between, such as 300,3000.')
      .default('300,3000')
      .describe('sizes of the generated projects'),
    dir: z.string().optional().describe('an existing project instead; it is copied, not changed'),
    rival: z
      .string()
      .optional()
      .describe('node_modules folder that holds nango, vitest and zod, to measure them too'),
    rounds: z.number().int().min(1).default(3).describe('the median of so many rounds is given'),
  }),
  examples: [
    'plumb bench toolchain --functions 300',
    'plumb bench toolchain --functions 300,3000 --rival ../rival/node_modules --json',
  ],
  run: async (input, context): Promise<{ ok: boolean; steps: ToolchainMeasurement[] }> => {
    const { benchToolchain: measure } = await import('../bench/bench-toolchain.js')
    const place = (path: string | undefined): string | null =>
      path === undefined ? null : resolve(context.config.directory, path)
    const options = {
      sizes: input.functions.split(',').map(Number),
      project: place(input.dir),
      rival: place(input.rival),
      rounds: input.rounds,
    }
    const steps = await measure(options, context)
    return { ok: steps.every(({ outcome }) => outcome.ok), steps }
  },
  text: ({ steps }) => {
    const rows = steps.map(({ functions, step, toolchain, cost, ratio, outcome }) => [
      String(functions),
      step,
      toolchain,
      `${cost.wall.toFixed(1)} s${times(ratio?.wall)}`,
      `${cost.cpu.toFixed(1)} s${times(ratio?.cpu)}`,
      `${Math.round(cost.peakMemory / 2 ** 20)} MiB${times(ratio?.peakMemory)}`,
      `${outcome.ok ? '' : 'FAILED, '}${outcome.said}`,
    ])
    return renderTable(['functions', 'step', 'toolchain', 'time', 'CPU', 'memory', 'outcome'], rows)
  },
  exitCode: ({ ok }) => (ok ? 0 : 1),
})

function times(ratio: number | undefined): string {
  return ratio === undefined ? '' : ` (${ratio.toFixed(ratio < 10 ? 1 : 0)}x)`
}
