import { z } from 'zod'
import { fixedOutputOptions } from '../build/build-options.js'
import { defineOperation } from './operation.js'
import { renderTable } from './render-table.js'

/** `plumb bench build`: what a build costs on this machine, with the offline model. */
export const benchBuild = defineOperation({
  name: 'bench build',
  summary: 'Measure what building the demo costs here: time, CPU and memory per interaction',
  input: z.object(fixedOutputOptions),
  examples: ['plumb bench build', 'plumb bench build --concurrency 2 --json'],
  run: async (input, context) => {
    const { benchBuild: measure } = await import('../bench/bench-build.js')
    return measure(input, context)
  },
  text: (bench) => {
    const { interactions, split, cpu, wall, peakMemory, nodeStart, concurrency } = bench
    const each = (seconds: number) => (seconds / interactions).toFixed(2)
    const rows = Object.entries(split)
      .sort(([, a], [, b]) => b - a)
      .map(([name, seconds]) => [name, each(seconds), `${Math.round((seconds / cpu) * 100)} %`])
    return [
      `${interactions} interactions (${bench.accepted} accepted), ${concurrency} at once: ${wall.toFixed(1)} s,`,
      `${each(cpu)} CPU-seconds per interaction (${(cpu / interactions / nodeStart).toFixed(0)} starts of Node.js),`,
      `${(peakMemory / 2 ** 30).toFixed(2)} GiB at the peak, ${(peakMemory / concurrency / 2 ** 20).toFixed(0)} MiB per interaction at once.`,
      '',
      renderTable(['part', 'CPU-s each', 'share'], rows),
    ].join('\n')
  },
})
