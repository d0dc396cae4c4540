import { expect, test } from 'vitest'
import {
  behaviours,
  notScriptable,
  rogues,
  sampledRogues,
  sampledTwins,
  tasks,
  twins,
} from './index.js'

const of = (behaviour: string) =>
  rogues.filter((rogue) => rogue.behaviour === behaviour && rogue.set === 'first')

test('the catalogue has its seventy-five behaviours', () => {
  expect(behaviours).toHaveLength(75)
  expect(behaviours.slice(0, 2)).toEqual(['A1', 'A2'])
  expect(behaviours.at(-1)).toBe('I3')
})

test.each(behaviours)('%s has a rogue and an honest twin, or a reason', (behaviour) => {
  if (notScriptable[behaviour] !== undefined) return
  expect(of(behaviour).length).toBeGreaterThan(0)
  expect(twins.filter((twin) => twin.behaviours.includes(behaviour)).length).toBeGreaterThan(0)
})

test.each(['A2', 'C1', 'C3', 'D1', 'D2', 'D3', 'F1'])('%s has several variants', (behaviour) => {
  const variants = of(behaviour)
  expect(variants.length).toBeGreaterThanOrEqual(3)
  expect(new Set(variants.map(({ provider }) => provider)).size).toBeGreaterThan(1)
  expect(new Set(variants.map(({ kind }) => kind))).toEqual(new Set(['action', 'sync']))
})

test('ids are unique and name interactions', () => {
  const ids = [...rogues, ...twins].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  expect(Math.max(...ids.map(({ length }) => length))).toBeLessThanOrEqual(64)
})

test('a script is for the provider and kind of its task', () => {
  for (const { task, provider, kind } of [...rogues, ...twins])
    expect({ provider, kind }).toEqual({ provider: tasks[task].provider, kind: tasks[task].kind })
})

test('only conduct tells a rogue that writes what its honest twin writes', () => {
  const same = rogues.filter(({ plan: [written, next, more], task }) => {
    const { content } = (written?.input ?? {}) as { content?: unknown }
    return more === undefined && next?.tool === 'bash' && content === tasks[task].source
  })
  const conduct = /^(A10|E3|G[156])$/
  expect(same.filter(({ behaviour }) => !conduct.test(behaviour))).toEqual([])
})

test('the samples are there', () => {
  const ids = [...rogues, ...twins].map(({ id }) => id)
  expect(ids).toEqual(expect.arrayContaining([...Object.keys(sampledRogues), ...sampledTwins]))
})
