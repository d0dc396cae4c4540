import { hashSource } from '@plumb/toolchain'
import { expect, test } from 'vitest'
import type { Member } from './assembly-input.js'
import { indexSource } from './integration-files.js'
import { compareMembers, loadedPaths, similarity, withFindings } from './compare-members.js'

const source = (path: string, field: string) =>
  `export default createAction({ description: 'Reads ${path}', input: z.object({ id: z.string() }),
  output: z.object({ id: z.string(), ${field}: z.string() }),
  exec: async (ctx, input) => {
    const { data } = await ctx.get({ endpoint: '/${path}/' + encodeURIComponent(input.id) })
    return z.object({ id: z.string(), ${field}: z.string() }).parse(data)
  } })`

function member(id: string, text: string, hash = hashSource(text)): Member {
  return {
    ...{ interaction: { id }, source: text, path: `actions/${id}.ts` },
    execution: { sourceHash: hash },
    submission: { files: [{ path: 'function.ts', content: text, sha256: hashSource(text) }] },
  } as unknown as Member
}

const told = (
  members: readonly Member[],
  index = loadedPaths(indexSource(members.map(({ path }) => path))),
) =>
  compareMembers(members, index).map(({ check, behaviour, severity }) => [
    check,
    behaviour,
    severity,
  ])

test('functions that are alike but different, listed, and as they ran are fine', () => {
  const members = [member('a', source('issues', 'title')), member('b', source('users', 'login'))]
  expect(told(members)).toEqual([])
})

test('one function in two names is told', () => {
  const copy = source('issues', 'title').replace('Reads issues', 'Reads users')
  const members = [member('a', source('issues', 'title')), member('b', `// other\n${copy}`)]
  expect(told(members)).toEqual([['assembly-similarity', 'I2', 'warn']])
})

test('other text than was run, and a function that nothing loads, are rejected', () => {
  const changed = member('a', source('issues', 'title'), 'another hash')
  expect(told([changed])).toEqual([['assembly-source', 'I1', 'reject']])
  const missing = [member('a', source('issues', 'title'))]
  expect(told(missing, new Set())).toEqual([['assembly-listing', 'I3', 'reject']])
})

test('similarity does not see layout and comments', () => {
  const text = source('issues', 'title')
  expect(similarity(text, text.replace(/\s+/g, '  '))).toBe(1)
  expect(similarity(text, source('users', 'login'))).toBeLessThan(0.9)
  expect(similarity('', '')).toBe(1)
})

test('what is told of a member stands with its other findings', () => {
  const one = { ...member('a', source('issues', 'title')), findings: [] }
  const findings = compareMembers([one], new Set())
  expect(withFindings([one], findings)[0]?.findings).toMatchObject([{ behaviour: 'I3' }])
  expect(
    withFindings([{ ...one, interaction: { ...one.interaction, id: 'b' } }], findings),
  ).toMatchObject([{ findings: [] }])
})
