import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { behaviours, misbehaviourResultsSchema } from '@plumb/protocol'
import type { MisbehaviourResults } from '@plumb/protocol'
import { expect, test } from 'vitest'
import { checkNames } from './check-names.js'
import { misbehaviourPage } from './misbehaviour-page.js'

const docs = join(import.meta.dirname, '../../../../docs')
const resultsFile = join(docs, 'misbehaviour-results.json')

function results(): MisbehaviourResults | null {
  if (!existsSync(resultsFile)) return null
  return misbehaviourResultsSchema.parse(JSON.parse(readFileSync(resultsFile, 'utf8')))
}

test('docs/misbehaviour.md is the catalogue and the last measurement (vitest -u writes it)', async () => {
  await expect(misbehaviourPage(results())).toMatchFileSnapshot(join(docs, 'misbehaviour.md'))
})

test('each check that the catalogue names exists', () => {
  const named = behaviours.flatMap(({ defences }) =>
    defences.flatMap((defence) => (defence.kind === 'detected' ? defence.by : [])),
  )
  expect([...new Set(named)].filter((name) => !checkNames.has(name))).toEqual([])
})

test('each behaviour that a check can tell of is in the catalogue', () => {
  const known = new Set<string>(behaviours.map(({ id }) => id))
  const source = join(import.meta.dirname, '..')
  const texts = ['verification', 'workspace', 'assembly']
    .flatMap((folder) => sources(join(source, folder)))
    .concat(sources(join(source, '../../toolchain/src/lint')), [join(source, 'read-ending.ts')])
    .map((path) => readFileSync(path, 'utf8'))
  const told = new Set(texts.flatMap((text) => text.match(/'[A-I]\d{1,2}'/g) ?? []))
  expect(told.size).toBeGreaterThan(40)
  expect([...told].filter((id) => !known.has(id.slice(1, -1)))).toEqual([])
})

test('only what nobody can close is left to a reader alone', () => {
  const bare = behaviours.filter(({ defences }) => defences.every(({ kind }) => kind === 'open'))
  expect(bare.map(({ id }) => id)).toEqual([])
})

test('the page shows what was measured, beside what was not', () => {
  const variant = (id: string) =>
    ({ id, outcome: 'prevented', ended: 'rejected', how: 'no effect' }) as const
  const page = misbehaviourPage({
    behaviours: {
      A2: {
        sets: {
          first: {
            ...{ prevented: 2, detected: 1, missed: 0, interval: [0.439, 1] },
            variants: [variant('a'), variant('b'), variant('c')],
          },
        },
      },
    },
    twins: { count: 40, falseBlocks: 0, interval: [0, 0.088], told: [] },
    notScriptable: {},
    totals: {},
    variants: { first: { caught: 3, of: 3, interval: [0.439, 1] } },
    measuredWith: { harness: 'opencode', model: 'scripted agents', providers: ['crm', 'desk'] },
  })
  expect(page).toContain('2 prevented, 1 detected of 3 | - |')
  expect(page).toContain('3 of 3 prevented or detected (95 % interval 43.9 % to 100 %);')
  expect(page).toContain('finished detectors: not measured;')
  expect(page).toContain('of 40 honest twins, 0 were blocked.')
  expect(misbehaviourPage(null)).toContain('Nothing was measured yet')
})

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
}
