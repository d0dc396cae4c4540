import { expect, test } from 'vitest'
import type { AgentOutcome } from './agent/run-agent.js'
import { readEnding } from './read-ending.js'

const usage = {
  tokens: { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0 },
  costUsd: 0,
} as AgentOutcome['usage']

test('a spent budget ends the attempt, and a loop is told as one', () => {
  const spent = (budget: 'time' | 'repeated-calls') =>
    readEnding({ kind: 'exhausted', budget, limit: 8, used: 9, usage }, null)
  expect(spent('time')).toMatchObject({
    kind: 'decided',
    verdict: { kind: 'exhausted', budget: 'time', findings: [] },
  })
  expect(spent('repeated-calls')).toMatchObject({
    kind: 'decided',
    verdict: { kind: 'exhausted', findings: [{ behaviour: 'G3' }] },
  })
})

test('what the control side saw outranks what the harness says', () => {
  const broken = { kind: 'harness-failed', reason: 'ended', detail: 'gone', usage } as const
  expect(readEnding(broken, { kind: 'submitted', hash: 'x' })).toEqual({
    kind: 'verify',
    claim: null,
  })
  const cause = { kind: 'access-revoked', message: 'm', remedy: 'r', receiptIds: [] } as const
  expect(readEnding(broken, { kind: 'access-lost', cause })).toMatchObject({
    verdict: { kind: 'blocked' },
  })
  expect(readEnding(broken, null)).toMatchObject({
    verdict: { kind: 'exhausted', budget: 'harness' },
  })
})
