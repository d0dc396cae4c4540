import { describe, expect, test } from 'vitest'
import { action, call, save, sync } from '../case-sources.js'
import { lintProjectFunction } from './lint-project-function.js'
import type { ProjectDiagnostic } from './lint-project-function.js'
import { createLintCache } from './module-cache.js'
import { awaitCases } from './await-cases.js'
import { definitionCases } from './definition-cases.js'
import { requestCases } from './request-cases.js'
import { syncCases } from './sync-cases.js'
import { textCases } from './text-cases.js'
import { projectRules } from './project-rules.js'

const cases = { ...definitionCases, ...awaitCases, ...syncCases, ...requestCases, ...textCases }
const entry = '/project/crm/syncs/items.ts'

function lint(source: string, others: Readonly<Record<string, string>> = {}): ProjectDiagnostic[] {
  const files = new Map([[entry, source], ...Object.entries(others)])
  const allowedPackages = ['allowed-one']
  return lintProjectFunction({ file: entry, readFile: (path) => files.get(path), allowedPackages })
}

const codes = (found: readonly ProjectDiagnostic[]): string[] => found.map(({ code }) => code)

test('every rule has cases both ways', () => {
  expect(Object.keys(cases).sort()).toEqual(projectRules.map(({ name }) => name).sort())
  for (const { hits, passes } of Object.values(cases)) {
    expect(hits.length).toBeGreaterThan(0)
    expect(passes.length).toBeGreaterThan(0)
  }
})

describe.each(Object.entries(cases))('%s', (rule, { hits, passes }) => {
  test.each(hits)('objects to %j', (source) => expect(codes(lint(source))).toContain(rule))
  test.each(passes)('lets %j pass', (source) => expect(codes(lint(source))).not.toContain(rule))
})

const start = "await nango.trackDeletesStart('Item');"
const end = "await nango.trackDeletesEnd('Item');"

function importing(names: string, from: string, body: string): string {
  return `import { ${names} } from '${from}'\n${sync(body)}`
}

describe('files that a function imports', () => {
  test.each([
    ['../load.js', '/project/crm/load.ts'],
    ['../load', '/project/crm/load.ts'],
    ['../load.ts', '/project/crm/load.ts'],
    ['../load.js', '/project/crm/load.tsx'],
    ['../load', '/project/crm/load/index.ts'],
    ['../load/index.js', '/project/crm/load/index.ts'],
    ['..', '/project/crm/index.ts'],
  ])('%s leads to %s', (specifier, path) => {
    const load = 'export async function load(nango: NangoSync) {\n  nango.get({})\n}'
    const found = lint(importing('load', specifier, `${save} await load(nango)`), { [path]: load })
    expect(found).toMatchObject([{ path, line: 2, column: 3, code: 'no-floating-call' }])
    expect(found[0]?.codeFrame).toContain('> 2 |   nango.get({})')
  })

  test('a parameter without a type or a telling name is the context when a caller hands it over', () => {
    const others = {
      '/project/crm/load.ts': 'export const load = async (a, api) => { api.get({}) }',
    }
    expect(
      codes(lint(importing('load', '../load.js', `${save} await load(1, nango)`), others)),
    ).toEqual(['no-floating-call'])
    expect(lint(importing('load', '../load.js', `${save} await load(nango, 1)`), others)).toEqual(
      [],
    )
  })

  test('re-exports and renamed imports are followed, also in a circle', () => {
    const others = {
      '/project/crm/index.ts': "export * from './a.js'\nexport { inner as load } from './b.js'",
      '/project/crm/a.ts': "export * from './index.js'",
      '/project/crm/b.ts':
        'async function hidden(nango: NangoSync) { nango.get({}) }\nexport { hidden as inner }',
    }
    const source = importing('load as fetchAll', '../index.js', `${save} await fetchAll(nango)`)
    expect(codes(lint(source, others))).toEqual(['no-floating-call'])
  })

  test('delete tracking opened in a helper may be closed in the entry', () => {
    const others = {
      '/project/crm/open.ts': `export async function open(nango: NangoSync) { ${start} }`,
    }
    expect(
      codes(lint(importing('open', '../open.js', `await open(nango); ${save}`), others)),
    ).toEqual(['delete-tracking-ended'])
    expect(
      lint(importing('open', '../open.js', `await open(nango); ${save} ${end}`), others),
    ).toEqual([])
  })

  test('a checkpoint read in a helper counts as read; a helper that is not called does not', () => {
    const others = {
      '/project/crm/since.ts':
        'export async function since(nango: NangoSync) { const c = await nango.getCheckpoint(); return c?.since }\nexport const other = 1',
    }
    const saves = "await nango.saveCheckpoint({ since: '1' })"
    expect(
      lint(
        importing('since', '../since.js', `await load(await since(nango)); ${save} ${saves}`),
        others,
      ),
    ).toEqual([])
    expect(
      codes(lint(importing('other', '../since.js', `await load(other); ${save} ${saves}`), others)),
    ).toEqual(['checkpoint-used'])
  })

  test('schemas and model names from other files are read', () => {
    const others = {
      '/project/crm/models.ts':
        "export const Contact = z.object({ name: z.string() })\nexport const model = 'Gone'",
    }
    const source = `import { Contact, model } from '../models.js'\n${sync('await nango.batchSave([], model)', '{ Contact }')}`
    expect(codes(lint(source, others)).sort()).toEqual(['model-declared', 'model-has-id'])
  })

  test('files that are not there, and circles of imports, end nothing', () => {
    const others = {
      '/project/crm/a.ts':
        "import { b } from './b.js'\nexport const a = async (nango: NangoSync) => { await b(nango) }",
      '/project/crm/b.ts':
        "import { a } from './a.js'\nexport const b = async (nango: NangoSync) => { await a(nango); nango.get({}) }",
    }
    const source = `import { gone } from '../gone.js'\n${importing('a', '../a.js', `${save} await a(nango); gone()`)}`
    expect(codes(lint(source, others))).toEqual(['no-floating-call'])
  })
})

test('a file that many functions import is read once, and again when its text changes', () => {
  const parseCache = createLintCache()
  const load = '/project/crm/load.ts'
  const files = new Map([[load, 'export async function load(nango: NangoSync) { nango.get({}) }']])
  const run = (name: string): string[] => {
    const file = `/project/crm/syncs/${name}.ts`
    files.set(file, importing('load', '../load.js', `${save} await load(nango)`))
    return codes(lintProjectFunction({ file, readFile: (path) => files.get(path), parseCache }))
  }
  expect(run('a')).toEqual(['no-floating-call'])
  const first = parseCache.moduleOf(load, files.get(load) ?? '')
  expect(run('b')).toEqual(['no-floating-call'])
  expect(parseCache.moduleOf(load, files.get(load) ?? '')).toBe(first)
  files.set(load, 'export async function load(nango: NangoSync) { await nango.get({}) }')
  expect(run('b')).toEqual([])
})

test('a diagnostic shows place, offending text, remedy and code', () => {
  const [found] = lint(action("ctx.get({ endpoint: '/x' })"))
  expect(found).toMatchObject({
    path: entry,
    line: 5,
    code: 'no-floating-call',
    behaviour: 'D5',
    severity: 'reject',
  })
  expect(found?.message).toBe(`"ctx.get({ endpoint: '/x' })" is not awaited.`)
  expect(found?.codeFrame).toContain('^')
  expect(found?.remedy).toContain('await')
})

test('a credential is not repeated in full', () => {
  const secret = `${'sk_live_'}${'a1B2'.repeat(6)}`
  const [found] = lint(action(`${call} const key = '${secret}'`))
  expect(found?.message).not.toContain(secret)
})

test('what cannot be read or parsed is no reason to stop', () => {
  expect(lintProjectFunction({ file: '/gone.ts', readFile: () => null })).toEqual([])
  expect(() => lint('export default createSync({ exec: async (nango) => { while (')).not.toThrow()
  expect(lint('')).toEqual([])
})
