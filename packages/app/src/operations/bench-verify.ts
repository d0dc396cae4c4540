import { z } from 'zod'
import { fixedOutputOptions } from '../build/build-options.js'
import { defineOperation } from './operation.js'
import { renderTable } from './render-table.js'

/** `plumb bench verify`: what the proof of an interaction costs on this machine. */
export const benchVerify = defineOperation({
  name: 'bench verify',
  summary: 'Measure the CPU time of verification here, per interaction of the demo and by check',
  input: z.object(fixedOutputOptions),
  examples: ['plumb bench verify', 'plumb bench verify --concurrency 2 --json'],
  run: async (input, context) => {
    const { benchVerify: measure } = await import('../bench/bench-verify.js')
    return measure(input, context)
  },
  text: ({ interactions, mean, most, bar, checks }) => {
    const seconds = (value: number): string => value.toFixed(2)
    const rows = checks.map((one) => [one.check, seconds(one.mean), seconds(one.most)])
    return [
      `${interactions} interactions verified: ${seconds(mean)} CPU-seconds each (at most ${seconds(most)}); the bar is ${bar}.`,
      '',
      renderTable(['check', 'CPU-s each', 'at most'], rows),
    ].join('\n')
  },
  exitCode: ({ ok }) => (ok ? 0 : 1),
})
