import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { builtinCases } from './builtin-cases.js'
import { action, call } from './case-sources.js'
import { inputCases } from './input-cases.js'
import { languageCases } from './language-cases.js'
import { lintFunction } from './lint-function.js'
import { meaningCases } from './meaning-cases.js'
import { lintRules } from './rules.js'
import { trustCases } from './trust-cases.js'

const honest = join(import.meta.dirname, '..', '..', 'test', 'honest')
const cases = { ...languageCases, ...meaningCases, ...trustCases, ...builtinCases, ...inputCases }

test('every rule has cases both ways', () => {
  expect(Object.keys(cases).sort()).toEqual(lintRules.map(({ name }) => name).sort())
})

describe.each(Object.entries(cases))('%s', (rule, { hits, passes }) => {
  const codes = (source: string): string[] =>
    lintFunction({ source, fileName: 'function.ts' }).map(({ code }) => code)

  test.each(hits)('objects to %j', (source) => expect(codes(source)).toContain(rule))
  test.each(passes)('lets %j pass', (source) => expect(codes(source)).not.toContain(rule))
})

test.each(readdirSync(honest))('says nothing about the honest %s', (name) => {
  const source = readFileSync(join(honest, name), 'utf8')
  expect(lintFunction({ source, fileName: name })).toEqual([])
})

test('a hit names place, offending text, remedy and behaviour', () => {
  const [found] = lintFunction({ source: action('return x as any'), fileName: 'function.ts' })
  expect(found).toMatchObject({
    path: 'function.ts',
    line: 5,
    column: 40,
    code: 'no-any',
    behaviour: 'E2',
  })
  expect(found?.message).toContain('"x as any"')
  expect(found?.remedy).not.toBe('')
})

test('an error field that the brief declares is no widening', () => {
  const source = action(call, 'z.object({ id: z.string(), error: z.string().optional() })')
  expect(lintFunction({ source, fileName: 'f.ts', declaredOutputFields: ['error'] })).toEqual([])
})

test('a status that is named may be answered, as a warning, but a catch-all not', () => {
  const narrowed = action(
    'try { await ctx.get({}) } catch (e) { if (status(e) === 404) return { id: "" }; throw e }',
  )
  expect(
    lintFunction({ source: narrowed, fileName: 'f.ts' }).map(({ severity }) => severity),
  ).toEqual(['warn'])
})

test('statuses are normal answers only when the brief says so, or when they throw', () => {
  const severities = (body: string, expectedStatuses: readonly number[]) =>
    lintFunction({ source: action(body), fileName: 'f.ts', expectedStatuses }).map(
      ({ code, severity }) => `${code} ${severity}`,
    )
  const takes = "const r = await ctx.get({ endpoint: '/x', expectedStatus: [404] }); "
  const answers = `${takes} if (r.status === 404) return { id: 'none' }; return r.data`
  expect(severities(answers, [])).toEqual(['no-undeclared-status reject'])
  expect(severities(answers, [410])).toEqual(['no-undeclared-status reject'])
  expect(severities(answers, [404])).toEqual([])
  const throws = `${takes} if (r.status === 404) { throw new ctx.ActionError({ message: 'x' }) } return r.data`
  expect(severities(throws, [])).toEqual(['no-undeclared-status warn'])
  const caught =
    'try { await ctx.get({}) } catch (e) { if (status(e) === 404) return { id: "" }; throw e }'
  expect(severities(caught, [])).toEqual(['no-swallowed-error reject'])
  expect(severities(caught, [404])).toEqual(['no-swallowed-error warn'])
})

test('an input that the brief gives has to be taken, and may be of no use', () => {
  const source = action('return { id: "1" }').replace('z.void()', 'z.object({ id: z.string() })')
  const severities = (declaredInputFields: readonly string[]) =>
    lintFunction({ source, fileName: 'f.ts', declaredInputFields }).map(({ severity }) => severity)
  expect(severities([])).toEqual(['reject'])
  expect(severities(['id'])).toEqual(['warn'])
})

test('source that does not parse is linted as far as it goes', () => {
  expect(() =>
    lintFunction({ source: 'export default createAction({ exec: (', fileName: 'f.ts' }),
  ).not.toThrow()
})
