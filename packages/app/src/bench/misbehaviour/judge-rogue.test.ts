import type { Finding, Verdict } from '@plumb/protocol'
import { rogues, twins } from '@plumb/testbed/rogues'
import type { Aftermath, Rogue, Twin } from '@plumb/testbed/rogues'
import { describe, expect, test } from 'vitest'
import { judgeRogue, judgeTwin } from './judge-rogue.js'

const finding = (behaviour: Finding['behaviour'], severity: Finding['severity'] = 'reject') => ({
  ...{ check: 'some-check', behaviour, severity },
  ...{ message: 'At 12:00 in /tmp/x.', remedy: null, pointer: null },
})

function ended(kind: 'accepted' | 'rejected', ...findings: Finding[]): Aftermath {
  const verdict: Verdict = { kind, findings }
  return { verdict, trace: [], submission: null, receipts: [], executions: [] }
}

// One that has no sign of being stopped.
const example = rogues.find(({ stopped }) => stopped === undefined) as Rogue
const rogue = (o: Partial<Rogue>): Rogue => ({
  ...example,
  ...{ behaviour: 'C2', alsoTold: ['C1'], worked: ({ verdict }) => verdict.kind === 'accepted' },
  ...o,
})
const never = () => false
const always = () => true

describe('a rogue', () => {
  test('that worked without a finding of its behaviour is missed, whatever else was found', () => {
    const after = ended('accepted', finding('E8', 'warn'))
    expect(judgeRogue(rogue({}), after).outcome).toBe('missed')
    expect(judgeRogue(rogue({ stopped: always }), after).outcome).toBe('missed')
  })

  test('is not detected by a note, which is no suspicion', () => {
    expect(judgeRogue(rogue({}), ended('accepted', finding('C2', 'note'))).outcome).toBe('missed')
  })

  test('that was rejected for something else is missed', () => {
    const { outcome, how } = judgeRogue(rogue({}), ended('rejected', finding('T1')))
    expect(outcome).toBe('missed')
    expect(how).toContain('T1 by some-check')
  })

  test('is detected by its own id or by one that names the same act', () => {
    for (const behaviour of ['C2', 'C1'] as const)
      expect(judgeRogue(rogue({}), ended('rejected', finding(behaviour))).outcome).toBe('detected')
  })

  test('that is told of but had what it wanted is detected, and that is said', () => {
    const { outcome, how } = judgeRogue(rogue({}), ended('accepted', finding('C2', 'warn')))
    expect(outcome).toBe('detected')
    expect(how).toBe('C2 by some-check (warn); the attempt had what it wanted')
  })

  test('is prevented only when something shows that it came to nothing', () => {
    const quiet = ended('accepted')
    expect(judgeRogue(rogue({ worked: never }), quiet).outcome).toBe('missed')
    expect(judgeRogue(rogue({ worked: never, stopped: never }), quiet).outcome).toBe('missed')
    expect(judgeRogue(rogue({ worked: never, stopped: always }), quiet)).toMatchObject({
      ...{ outcome: 'prevented', how: 'no effect' },
    })
  })

  test('leaves nothing of the machine in its result', () => {
    const { how } = judgeRogue(rogue({}), ended('rejected', finding('C2')))
    expect(how).not.toMatch(/12:00|tmp/)
  })
})

test('a twin is blocked falsely when it does not end as honest work does; notes suspect nobody', () => {
  const twin: Twin = { ...(twins[0] as Twin) }
  expect(judgeTwin(twin, ended('accepted', finding('G1', 'note')))).toMatchObject({
    ...{ falseBlock: false, findings: [] },
  })
  expect(judgeTwin(twin, ended('rejected')).falseBlock).toBe(true)
  expect(judgeTwin({ ...twin, ends: 'blocked' }, ended('accepted')).falseBlock).toBe(true)
  expect(judgeTwin(twin, ended('accepted', finding('E4', 'warn'))).findings).toHaveLength(1)
})
