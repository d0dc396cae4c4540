import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ProjectUnderTest, bundleWorker } from './project-under-test.js'

let project: ProjectUnderTest

beforeAll(bundleWorker)
beforeEach(async () => {
  project = await ProjectUnderTest.open()
})
afterEach(() => project.close())

const strict = (more = {}) => project.run({ mode: 'strict', ...more })

const action = (body: string) => `import { createAction } from '@plumb/sdk';
import * as z from 'zod';
export default createAction({
  description: 'Creates a contact', version: '1.0.0', endpoint: { method: 'POST', path: '/contact' },
  input: z.object({ name: z.string() }), output: z.object({ id: z.string() }), scopes: [],
  exec: async (nango, input) => { ${body} },
});`

const creates = `const answer = await nango.post<{ id: string }>({ endpoint: '/contacts', data: { name: input.name }, retries: 3 });
  return { id: answer.data.id };`

const fixture = (entry: object, more = {}) =>
  JSON.stringify({
    input: { name: 'Ada' },
    output: { id: '7' },
    api: { post: { '/contacts': entry } },
    ...more,
  })

const created = {
  response: { id: '7' },
  status: 201,
  headers: {},
  request: { data: { name: 'Ada' } },
}

async function writeOne(body: string, recorded: string): Promise<void> {
  await project.write({
    'crm/actions/create-contact.ts': action(body),
    'crm/tests/create-contact.test.json': recorded,
  })
}

describe('strict mode', () => {
  it('replays a function against its fixture', async () => {
    await writeOne(creates, fixture(created))
    expect(await strict()).toMatchObject({ ok: true, tests: 1, passed: 1, untested: [] })
  })

  const traps: Record<string, [body: string, recorded: string, reason: string]> = {
    'an error status that the function takes for an answer': [
      creates,
      fixture({ ...created, status: 422, response: { error: 'taken' } }),
      'resolved-error-status',
    ],
    'a recording that is not used': [
      creates,
      fixture(created, { api: { post: { '/contacts': created }, get: { '/me': created } } }),
      'unused-recording',
    ],
    'a second identical request': [
      `${creates.replace('return', 'await nango.post({ endpoint: "/contacts", data: { name: input.name }, retries: 3 }); return')}`,
      fixture(created),
      'unknown-request',
    ],
    'a body that differs': [
      creates.replace('name: input.name', 'name: "Grace"'),
      fixture(created),
      'body-differs',
    ],
    'an output that differs': [
      creates.replace('answer.data.id', '"8"'),
      fixture(created),
      'output-differs',
    ],
    'an output that its schema refuses': [
      creates.replace('answer.data.id', '8 as unknown as string'),
      fixture(created),
      'validation',
    ],
    'an error of the function': [`throw new TypeError('lost')`, fixture(created), 'threw'],
    'a fixture that is none': [creates, '{', 'no-fixture'],
    'code that does not compile': [`const`, fixture(created), 'does-not-compile'],
    'a loop without end': [`for (;;);`, fixture(created), 'timeout'],
  }
  for (const [what, [body, recorded, reason]] of Object.entries(traps)) {
    it(`finds ${what}`, async () => {
      await writeOne(body, recorded)
      const limit = reason === 'timeout' && { timeoutMs: 500 }
      const { ok, failed, failures } = await strict({ ...limit })
      expect({ ok, failed, reasons: failures.map((one) => one.reason) }).toEqual({
        ...{ ok: false, failed: 1, reasons: [reason] },
      })
    })
  }

  it('names functions without a fixture, and fails for them when asked to', async () => {
    await project.write({ 'crm/actions/create-contact.ts': action(creates) })
    const untested = ['crm/actions/create-contact']
    expect(await strict()).toMatchObject({ ok: true, untested, failures: [] })
    expect(await strict({ requireFixtures: true })).toMatchObject({
      ...{ ok: false, failed: 1, untested, reasons: { 'no-fixture': 1 } },
    })
  })

  it('runs the tests that people wrote, and not those that only repeat the replay', async () => {
    await writeOne(creates, fixture(created))
    await project.write({
      'crm/tests/crm-create-contact.test.ts': `import { it, expect } from 'vitest';
        import action from '../actions/create-contact.js';
        const nangoMock = new global.vitest.NangoActionMock({ dirname: __dirname, name: 'create-contact', Model: 'X' });
        it('repeats', async () => { expect(await action.exec(nangoMock, await nangoMock.getInput())).toEqual(await nangoMock.getOutput()) })`,
      'crm/tests/own.test.ts': `import { it } from 'vitest'; it('is run', () => {})`,
    })
    expect(await strict()).toMatchObject({ ok: true, files: 2, passed: 2 })
  })
})
