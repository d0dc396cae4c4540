import { leavesOf } from './leaves.js'
import { callsOf } from './rehearsal.js'
import type { Rehearsed } from './rehearsal.js'

/** Every text and number that the answers of a run hold, or that `given` hands in, to be looked for by what is in it. */
export type KnownValues = { has(value: unknown): boolean }

/** What a function could know in a run. */
export function knownIn({ trail }: Rehearsed, given: unknown): KnownValues {
  const answers = callsOf(trail).flatMap(({ answer }) =>
    answer.kind === 'answered'
      ? [answer.response.body.text, ...Object.values(answer.response.headers)]
      : [],
  )
  const handed = leavesOf(given).map(({ value }) => String(value))
  const all = [...answers, ...handed].join('\n')
  return {
    has: (value) => {
      const text = String(value)
      return all.includes(text) || all.includes(JSON.stringify(text).slice(1, -1))
    },
  }
}
