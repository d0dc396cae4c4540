import type { Attempt, RootCause, TraceEventBody, Verdict } from '@plumb/protocol'
import { expect, test } from 'vitest'
import { plumb, trace, unknownVerb } from './divergence/testing/craft-evidence.js'
import { groupByRootCause, rootCause } from './root-cause.js'

const none = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0 }

function usage(input: number): TraceEventBody {
  return { kind: 'usage', tokens: { ...none, input, cacheRead: 1 }, costUsd: 0 }
}

function costOf(kind: Verdict['kind'] | null, bodies: readonly TraceEventBody[]) {
  const verdict = kind === null ? null : ({ kind, findings: [] } as unknown as Verdict)
  const attempt = { id: 'a', verdict } as unknown as Attempt
  const events = trace(...bodies)
  const cause = rootCause({ attempt, trace: events, receipts: [], executions: [], givens: null })
  return cause && { seconds: cause.seconds, tokens: cause.tokens }
}

const detour = [
  plumb('docs search x'),
  usage(1000),
  unknownVerb('record', 'plumb dryrun'),
  usage(10),
  plumb('dryrun'),
  usage(500),
  plumb('submit'),
]

test('a premise costs what lies between it and the step that left it', () => {
  expect(costOf('accepted', detour)).toEqual({ seconds: 20, tokens: 11 })
  expect(costOf(null, detour)).toEqual({ seconds: 20, tokens: 11 })
})

test('an attempt that came to nothing never left it', () => {
  expect(costOf('rejected', detour)).toEqual({ seconds: 40, tokens: 512 })
  expect(costOf('exhausted', detour.slice(0, 4))).toEqual({ seconds: 10, tokens: 11 })
})

test('no divergence costs nothing', () => {
  expect(costOf('rejected', [plumb('dryrun'), usage(5)])).toBeNull()
})

const cause = (subject: string, seconds: number): RootCause => ({
  ...{ kind: 'invented-command', subject, sequence: 3, premise: `no ${subject}`, tokens: 10 },
  ...{ consequences: [], receipts: [], contradiction: null, seconds },
})

test('the cause of most attempts comes first, then the one that cost most time', () => {
  const attempt = (id: string, rootCause: RootCause | null) => ({
    ...{ id, interaction: `g/${id}`, outcome: 'accepted' as const, rootCause },
  })
  const groups = groupByRootCause([
    attempt('a', cause('short', 1)),
    attempt('b', cause('long', 90)),
    attempt('c', cause('often', 1)),
    attempt('d', cause('often', 2)),
    attempt('e', null),
  ])
  expect(groups.map(({ subject, seconds, tokens }) => [subject, seconds, tokens])).toEqual([
    ['often', 3, 20],
    ['long', 90, 10],
    ['short', 1, 10],
  ])
  expect(groups[0]?.attempts.map(({ id }) => id)).toEqual(['c', 'd'])
})
