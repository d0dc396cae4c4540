import { PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import type { Measurement, RuntimePart } from '../bench/runtime/measurement.js'
import { defineOperation } from './operation.js'
import { renderTable } from './render-table.js'

const input = z.object({
  seconds: z.coerce.number().min(1).default(20).describe('how long calls are made of each kind'),
  connections: z.coerce
    .number()
    .int()
    .min(1)
    .default(500)
    .describe('connections with a sync every minute'),
  minutes: z.coerce.number().min(1).default(3).describe('how long their syncs are watched'),
  only: z
    .string()
    .optional()
    .describe('parts, with commas between them: start,actions,proxy,ingestion,schedules'),
})

/** `plumb bench runtime`: what the server costs and how fast it is on this machine. */
export const benchRuntime = defineOperation({
  name: 'bench runtime',
  summary: 'Measure the server here: what it adds to calls, records/s, syncs, starts, memory',
  input,
  examples: [
    'plumb bench runtime',
    'plumb bench runtime --only start,actions --seconds 10 --json',
    'plumb bench runtime --only schedules --connections 500 --minutes 5',
  ],
  run: async ({ only, ...options }, context) => {
    const { benchRuntime: measure } = await import('../bench/runtime/bench-runtime.js')
    const { reaches, runtimeParts } = await import('../bench/runtime/measurement.js')
    const parts = chosen(only, runtimeParts)
    const measured = await measure({ ...options, only: parts }, context)
    return measured.map((one) => ({ ...one, ok: reaches(one) }))
  },
  text: (measured) =>
    renderTable(
      ['part', 'what', 'measured', 'bar', '', 'in the same run'],
      measured.map((one) => [
        ...[one.part, one.what, `${rounded(one.value)} ${one.unit}`, barOf(one)],
        ...[one.ok === null ? '' : one.ok ? 'ok' : 'MISSED', ratioOf(one)],
      ]),
    ),
  exitCode: (measured) => (measured.some(({ ok }) => ok === false) ? 1 : 0),
  exits: { 1: 'A number does not reach its bar.' },
})

function chosen(only: string | undefined, known: readonly RuntimePart[]): readonly RuntimePart[] {
  if (only === undefined) return known
  const asked = only.split(',').map((name) => name.trim())
  const unknown = asked.find((name) => !known.some((part) => part === name))
  if (unknown === undefined) return known.filter((part) => asked.includes(part))
  throw new PlumbError({
    code: 'usage',
    message: `There is no part "${unknown}" of this benchmark.`,
    remedy: `There are: ${known.join(', ')}.`,
  })
}

function rounded(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function barOf({ bar }: Measurement): string {
  if (bar === null) return ''
  return 'most' in bar ? `<= ${bar.most}` : `>= ${bar.least.toLocaleString('en-US')}`
}

function ratioOf({ ratio }: Measurement): string {
  return ratio === null ? '' : `${rounded(ratio.times)} x ${ratio.of}`
}
