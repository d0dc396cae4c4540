import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { generateTests } from './generate-tests.js'
import { ProjectUnderTest, bundleWorker } from './project-under-test.js'

let project: ProjectUnderTest

beforeAll(bundleWorker)
beforeEach(async () => {
  project = await ProjectUnderTest.open()
  await project.write({
    'crm/actions/delete.ts': action('/contacts/7'),
    'crm/tests/delete.test.json': JSON.stringify({
      input: {},
      output: { done: true },
      api: { delete: { '/contacts/7': { response: {}, status: 200, headers: {} } } },
    }),
    'crm/actions/untested.ts': action('/nothing'),
  })
})
afterEach(() => project.close())

const action = (endpoint: string) => `import { createAction } from '@plumb/sdk';
import * as z from 'zod';
export default createAction({
  description: 'x', version: '1.0.0', endpoint: { method: 'POST', path: '/x' }, scopes: [],
  input: z.object({}), output: z.object({ done: z.boolean() }),
  exec: async (nango) => { await nango.delete({ endpoint: '${endpoint}', retries: 3 }); return { done: true } },
});`

const path = 'crm/tests/crm-delete.test.ts'
const generate = (more = {}) => generateTests({ directory: project.directory, ...more })
const text = () => readFile(join(project.directory, path), 'utf8')

describe('generated tests', () => {
  it('run, and are written again byte for byte', async () => {
    expect(await generate()).toEqual({
      ...{ written: [path], unchanged: [], kept: [], skipped: ['crm/actions/untested'] },
    })
    const first = await text()
    expect(await generate()).toMatchObject({ written: [], unchanged: [path] })
    expect(await text()).toBe(first)
    expect(await project.run()).toMatchObject({ ok: true, passed: 1, failures: [] })
  })

  it('find a function that changed', async () => {
    await generate()
    await project.write({ 'crm/actions/delete.ts': action('/contacts/8') })
    expect(await project.run()).toMatchObject({ ok: false, reasons: { 'unknown-request': 1 } })
  })

  it('stay as a person changed them, unless that is asked for', async () => {
    await generate()
    const changed = (await text()).replace('crm delete', 'deleting a contact')
    await writeFile(join(project.directory, path), changed)
    expect(await generate()).toMatchObject({ written: [], kept: [path] })
    expect(await text()).toBe(changed)
    expect(await generate({ force: true })).toMatchObject({ written: [path], kept: [] })
  })

  it('are written for one function alone', async () => {
    expect(await generate({ function: 'untested' })).toEqual({
      ...{ written: [], unchanged: [], kept: [], skipped: ['crm/actions/untested'] },
    })
  })
})
