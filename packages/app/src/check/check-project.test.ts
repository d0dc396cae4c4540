import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openProjectFolder } from '../dryrun/testing/open-project-folder.js'
import type { TestProject } from '../dryrun/testing/open-project-folder.js'
import { check } from '../operations/check.js'
import { create } from '../operations/create.js'
import type { ProjectCheck } from './check-project.js'

let project: TestProject

function action(exec: string): string {
  return `import { createAction } from 'nango'
import * as z from 'zod'
const Thing = z.object({ id: z.string(), label: z.string() })
export default createAction({
  description: 'Reads a thing',
  input: z.object({ id: z.string() }),
  output: Thing,
  exec: async (nango, input) => {
${exec}
  },
})
`
}

function fixture(status: number, output: object): string {
  const entry = { response: { id: '1', label: 'Order 4711 of theirs' }, status, request: {} }
  return JSON.stringify({ input: { id: '1' }, output, api: { get: { '/things/1': entry } } })
}

beforeAll(async () => {
  project = await openProjectFolder()
  const blue = { id: '1', label: 'Order 4711 of theirs' }
  const get = "const { data } = await nango.get({ endpoint: '/things/' + input.id })"
  await project.write('acme/actions/honest.ts', action(`${get}; return Thing.parse(data)`))
  await project.write('acme/tests/honest.test.json', fixture(200, blue))
  await project.write(
    'acme/actions/launders.ts',
    action(`try { ${get}; return Thing.parse(data) } catch { return { id: '1', label: 'none' } }`),
  )
  await project.write('acme/tests/launders.test.json', fixture(403, { id: '1', label: 'none' }))
  await project.write(
    'acme/actions/copies.ts',
    action(`${get}; void data; return { id: input.id, label: 'Order 4711 of theirs' }`),
  )
  await project.write('acme/tests/copies.test.json', fixture(200, blue))
  await project.write('acme/actions/changed.ts', action(`${get}; return Thing.parse(data)`))
  await project.write('acme/tests/changed.test.json', fixture(200, { id: '1', label: 'old' }))
  await project.write('acme/actions/untyped.ts', action(`const n: number = input.id; return n`))
})

afterAll(() => project.close())

test('each function is told what is wrong with it, and what could not be asked', async () => {
  const result = (await check.run({}, project.context)) as ProjectCheck
  const of = (name: string) => {
    const found = result.functions.find(({ id }) => id === `acme/actions/${name}`)
    if (found === undefined) throw new Error(`${name} was not checked`)
    return { ...found, refused: found.findings.filter(({ severity }) => severity === 'reject') }
  }
  expect(of('honest')).toMatchObject({ ok: true, fixtures: 1, refused: [] })
  expect(of('launders').refused).toContainEqual(
    expect.objectContaining({ check: 'error-laundering', behaviour: 'D1' }),
  )
  expect(of('copies').refused).toContainEqual(
    expect.objectContaining({ check: 'copied-values', behaviour: 'C1' }),
  )
  expect(of('changed').refused).toContainEqual(
    expect.objectContaining({ check: 'replay', behaviour: 'T2' }),
  )
  expect(of('untyped').refused[0]?.message).toMatch(/untyped\.ts:\d+:\d+ TS2322/)
  expect(of('untyped').notRun[0]?.why).toContain('no fixture')
  expect(check.exitCode?.(result)).toBe(1)
  expect(await check.text(result, { columns: 80, color: false })).toContain('functions pass.')
})

test.each([
  ['action', 'get-thing'],
  ['sync', 'things'],
  ['on-event', 'greet'],
] as const)(
  'create writes %s %s, which passes the check, and nothing twice',
  async (kind, name) => {
    const given = { integration: 'fresh', kind, name }
    const made = (await create.run(given, project.context)) as { written: string[] }
    expect(made.written[0]).toBe(`fresh/${kind}s/${name}.ts`)
    if (kind === 'action') {
      const example = await readFile(join(project.directory, made.written[1] ?? ''), 'utf8')
      expect(JSON.parse(example)).toEqual({ id: 'id' })
    }
    const directory = `fresh/${kind}s/${name}.ts`
    const result = (await check.run({ directory }, project.context)) as ProjectCheck
    expect(result.functions.flatMap(({ findings }) => findings)).toEqual([])
    await expect(create.run(given, project.context)).rejects.toMatchObject({ code: 'file-exists' })
  },
)
