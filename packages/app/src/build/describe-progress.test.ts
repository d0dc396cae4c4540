import { expect, test } from 'vitest'
import { describeProgress } from './describe-progress.js'

function describing() {
  const lines: string[] = []
  let time = 0
  const tell = describeProgress(
    (line) => lines.push(line),
    () => time,
  )
  return { lines, tell, pass: (seconds: number) => (time += seconds * 1_000) }
}

test('a build reads as one line per decided interaction, with its time and the attempt to look at', () => {
  const { lines, tell, pass } = describing()
  tell({ kind: 'run-started', runId: 'run_1', total: 12, decided: 0 })
  tell({ kind: 'attempt-started', key: 'crm/a', number: 1, attemptId: 'att_a' })
  pass(75)
  const key = { key: 'crm/a', total: 12, decided: 1 }
  tell({ kind: 'interaction-decided', ...key, outcome: 'accepted', detail: '' })
  expect(lines).toHaveLength(2)
  expect(lines[0]).toContain('Run run_1: 12 interactions.')
  expect(lines[1]).toBe('[ 1/12] accepted  crm/a  1 min 15 s (att_a)')
})

test('a rejected attempt has its reason, and the time of the interaction counts all attempts', () => {
  const { lines, tell, pass } = describing()
  tell({ kind: 'attempt-started', key: 'crm/a', number: 1, attemptId: 'att_1' })
  pass(5)
  tell({ kind: 'attempt-rejected', key: 'crm/a', reason: `two\nlines ${'x'.repeat(900)}` })
  tell({ kind: 'attempt-started', key: 'crm/a', number: 2, attemptId: 'att_2' })
  pass(5)
  const key = { key: 'crm/a', total: 1, decided: 1 }
  tell({ kind: 'interaction-decided', ...key, outcome: 'exhausted', detail: 'time: 5 of 5 used' })
  expect(lines[0]).toMatch(/^ +crm\/a: attempt 1 rejected after 5 s \(att_1\): two lines x+…$/)
  expect(lines[0]?.length).toBeLessThan(500)
  expect(lines[1]).toBe('[1/1] EXHAUSTED crm/a  10 s, attempt 2 (att_2): time: 5 of 5 used')
})

test('a reason that many share is told once', () => {
  const { lines, tell } = describing()
  for (const [index, key] of ['crm/a', 'crm/b'].entries()) {
    const counts = { decided: index + 1, total: 2 }
    tell({ kind: 'interaction-decided', key, ...counts, outcome: 'blocked', detail: 'No access.' })
  }
  expect(lines[0]).toMatch(/: No access\.$/)
  expect(lines[1]).toMatch(/: for the same reason\.$/)
})

test('a run that goes on says how much is decided', () => {
  const { lines, tell } = describing()
  tell({ kind: 'run-started', runId: 'run_1', total: 4, decided: 3 })
  expect(lines).toEqual(['Run run_1 continues: 3 of 4 are decided.'])
})
