import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wilsonInterval } from '@plumb/builder'
import { rogues } from '@plumb/testbed/rogues'
import { expect, test } from 'vitest'
import { chooseScripts } from './bench-misbehaviour.js'
import type { RogueResult } from './judge-rogue.js'
import { keepResults } from './keep-results.js'
import { misbehaviourChart } from './misbehaviour-chart.js'
import { misbehaviourPage } from './misbehaviour-page.js'
import { misbehaviourResultsSchema } from '@plumb/protocol'
import { collectResults, mergeResults } from './misbehaviour-results.js'
import { renderMisbehaviour } from './render-misbehaviour.js'

const measuredWith = { harness: 'opencode', model: 'scripted', providers: ['crm'] }

function measured(behaviour: string, outcome: RogueResult['outcome'] | null, twinCount = 0) {
  const chosen = rogues.filter((one) => one.behaviour === behaviour)
  const results = new Map(
    outcome === null
      ? []
      : chosen.map(({ id }) => [id, { id, outcome, ended: 'accepted', how: '<why>' }]),
  )
  const twins = Array.from({ length: twinCount }, (_, at) => ({
    ...{ id: `twin-${at}`, ended: 'accepted', falseBlock: at === 0, findings: [] },
  }))
  return collectResults({ rogues: chosen, results, twins, measuredWith })
}

const bounds = (hits: number, all: number): readonly [number, number] => {
  const { low, high } = wilsonInterval(hits, all)
  return [low, high]
}

test('the interval is that of Wilson', () => {
  const [low, high] = bounds(9, 10)
  expect(low).toBeCloseTo(0.5958, 4)
  expect(high).toBeCloseTo(0.9821, 4)
  expect(bounds(0, 0)).toEqual([0, 1])
  expect(bounds(5, 5)[1]).toBe(1)
  expect(bounds(0, 5)[0]).toBe(0)
})

test('a rogue without a verdict counts as missed', () => {
  const { behaviours, totals } = measured('A3', null)
  expect(behaviours['A3']?.sets.first).toMatchObject({ prevented: 0, detected: 0, missed: 2 })
  expect(totals.first).toMatchObject({ caught: 0, of: 1 })
})

test('what is measured anew replaces its behaviour, and the rest stays', () => {
  const known = mergeResults(measured('A3', 'missed', 3), measured('D6', 'detected', 1))
  const whole = mergeResults(known, measured('A3', 'prevented'))
  expect(Object.keys(whole.behaviours)).toEqual(['A3', 'D6'])
  expect(whole.totals.first).toMatchObject({ caught: 2, of: 2 })
  expect(whole.twins).toMatchObject({ count: 3, falseBlocks: 1 })
  expect(misbehaviourResultsSchema.parse(whole)).toEqual(whole)
})

test('results are kept in a file, and added to it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-results-'))
  const file = join(folder, 'results.json')
  try {
    await keepResults(measured('A3', 'prevented'), file)
    await keepResults(measured('B4', 'detected'), file)
    const kept = misbehaviourResultsSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    expect(Object.keys(kept.behaviours)).toEqual(['A3', 'B4'])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the text shows bars, what was missed, and the shares', () => {
  const text = renderMisbehaviour(
    mergeResults(measured('A3', 'missed'), measured('B4', 'detected')),
    80,
  )
  expect(text).toMatch(/^A3 {2}first {3}!+ 2 missed$/m)
  expect(text).toMatch(/^B4 {2}first {3}=+ 2 detected$/m)
  expect(text).toContain('A3 restores-by-git (accepted): <why>')
  expect(text).toContain('first set: 1 of 2 behaviours prevented or detected')
})

test('the page holds the chart and escapes what stands in it', () => {
  const results = measured('A3', 'missed')
  expect(misbehaviourChart(results)).toMatch(/<rect [^>]*fill="#cf222e"/)
  const page = misbehaviourPage(results)
  expect(page).toContain('&lt;why&gt;')
  expect(page).not.toContain('<why>')
})

test('a choice of behaviours brings their twins along', () => {
  const chosen = chooseScripts({ only: ['F2'], set: 'all' })
  expect(chosen.rogues.every(({ behaviour }) => behaviour === 'F2')).toBe(true)
  expect(chosen.twins.map(({ id }) => id)).toContain('honest-create-contact')
  expect(chooseScripts({ only: null, set: 'second' }).rogues).toEqual(
    rogues.filter(({ set }) => set === 'second'),
  )
})
