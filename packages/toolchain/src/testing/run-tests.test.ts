import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ProjectUnderTest, bundleWorker } from './project-under-test.js'

let project: ProjectUnderTest

beforeAll(bundleWorker)
beforeEach(async () => {
  project = await ProjectUnderTest.open()
})
afterEach(() => project.close())

const action = `import { createAction } from 'nango';
import * as z from 'zod';
export default createAction({
  description: 'Reads a contact', version: '1.0.0', endpoint: { method: 'GET', path: '/contact' },
  input: z.object({ id: z.string() }), output: z.object({ name: z.string() }), scopes: [],
  exec: async (nango, input) => {
    const answer = await nango.get<{ name: string }>({ endpoint: \`/contacts/\${input.id}\`, retries: 3 });
    return { name: answer.data.name };
  },
});`

const generated = (name: string) => `import { vi, expect, it, describe } from 'vitest';
import createAction from '../actions/${name}.js';
describe('crm ${name} tests', () => {
  const nangoMock = new global.vitest.NangoActionMock({ dirname: __dirname, name: '${name}', Model: 'Out' });
  it('gives what was recorded', async () => {
    const input = await nangoMock.getInput();
    expect(await createAction.exec(nangoMock, input)).toEqual(await nangoMock.getOutput());
  });
});`

const fixture = (name: string) =>
  JSON.stringify({
    input: { id: '7' },
    output: { name },
    api: { get: { '/contacts/7': { response: { name: 'Ada' }, status: 200, headers: {} } } },
  })

describe('generated tests', () => {
  it('run without the package, its test contexts or vitest being installed', async () => {
    await project.write({
      'crm/actions/get-contact.ts': action,
      'crm/tests/crm-get-contact.test.ts': generated('get-contact'),
      'crm/tests/get-contact.test.json': fixture('Ada'),
    })
    expect(await project.run()).toMatchObject({
      ok: true,
      files: 1,
      passed: 1,
      failed: 0,
      reasons: {},
    })
  })

  it('show what was expected and what came', async () => {
    await project.write({
      'crm/actions/get-contact.ts': action,
      'crm/tests/crm-get-contact.test.ts': generated('get-contact'),
      'crm/tests/get-contact.test.json': fixture('Grace'),
    })
    const { ok, failures, reasons } = await project.run()
    expect({ ok, reasons }).toEqual({ ok: false, reasons: { 'output-differs': 1 } })
    expect(failures[0]).toMatchObject({
      file: 'crm/tests/crm-get-contact.test.ts',
      test: 'crm get-contact tests > gives what was recorded',
    })
    expect(failures[0]?.message).toMatch(/-\s+"name": "Grace"[\s\S]*\+\s+"name": "Ada"/)
  })

  it('are preceded by the setup file of the project, for every file anew', async () => {
    await project.write({
      'vite.config.ts': `export default { test: { setupFiles: 'vitest.setup.ts' } }`,
      'vitest.setup.ts': `import { NangoActionMock, NangoSyncMock } from 'nango/test';
        let runs = 0; runs++;
        globalThis.vitest = { NangoActionMock, NangoSyncMock: class extends NangoSyncMock { runs = runs } };`,
      ...Object.fromEntries(
        ['a', 'b'].map((name) => [
          `crm/tests/${name}.test.ts`,
          `import { it, expect } from 'vitest';
           it('has it', () => { expect(new globalThis.vitest.NangoSyncMock({ dirname: __dirname, name: 'x', Model: 'X' }).runs).toBe(1) })`,
        ]),
      ),
    })
    expect(await project.run()).toMatchObject({ ok: true, passed: 2 })
  })

  it('in a folder that is a link run once', async () => {
    await project.write({
      'crm/tests/a.test.ts': `import { it } from 'vitest'; it('runs', () => {})`,
    })
    await symlink('crm', join(project.directory, 'crm-sandbox'))
    expect(await project.run()).toMatchObject({
      files: 1,
      linked: [{ folder: 'crm-sandbox', target: 'crm' }],
    })
  })
})

describe('a file cannot reach the next one', () => {
  it('through modules, globals, prototypes, the environment, matchers or timers', async () => {
    await project.write({
      'counter.ts': `export const state = { count: 0 }`,
      'a.test.ts': `
        import { it, expect, vi } from 'vitest';
        import { state } from './counter.js';
        it('leaves a mess', () => {
          state.count++;
          (globalThis as any).left = 1;
          (Array.prototype as any).last = () => 'patched';
          JSON.stringify = () => 'patched';
          process.env['LEFT'] = 'x';
          expect.extend({ toBeNice: () => ({ pass: true, message: () => '' }) });
          vi.useFakeTimers();
          vi.spyOn(Math, 'random').mockReturnValue(0);
          vi.stubGlobal('fetch', () => 'stubbed');
        });
        it('leaves a timer', () => { vi.useRealTimers(); setInterval(() => { throw new Error('late') }, 10_000) });`,
      'b.test.ts': `
        import { it, expect } from 'vitest';
        import { state } from './counter.js';
        it('finds nothing of it', async () => {
          expect(state.count).toBe(0);
          expect('left' in globalThis).toBe(false);
          expect('last' in Array.prototype).toBe(false);
          expect(JSON.stringify([1])).toBe('[1]');
          expect(process.env['LEFT']).toBeUndefined();
          expect(() => (expect(1) as any).toBeNice()).toThrow(/toBeNice/);
          expect(Math.random()).not.toBe(0);
          expect(fetch.toString()).not.toContain('stubbed');
          expect(Math.abs(Date.now() - performance.timeOrigin)).toBeLessThan(3_600_000);
          await new Promise((resolve) => setTimeout(resolve, 20));
        });`,
    })
    const { failures, warnings } = await project.run()
    expect(failures).toEqual([])
    const [changed, ...more] = warnings.map(({ message }) => message).sort()
    expect(changed).toBe('changed left, Array.prototype.last, JSON.stringify, process.env.LEFT')
    expect(more).toEqual(['left 1 timer running'])
  })
})

const one = `import { it } from 'vitest'; it('is fine', () => {});`

describe('a run', () => {
  it('ends at the first failure when asked to', async () => {
    await project.write({
      'a.test.ts': `import { it } from 'vitest'; it('bad', () => { throw new Error('no') })`,
      'b.test.ts': one,
    })
    expect(await project.run({ bail: true })).toMatchObject({ ok: false, files: 1 })
  })

  it('takes one file, or those whose path contains a text', async () => {
    await project.write({ 'crm/a.test.ts': one, 'erp/b.test.ts': one })
    expect(await project.run({ filter: 'crm/' })).toMatchObject({ files: 1 })
    expect(
      await project.run({ directory: join(project.directory, 'erp/b.test.ts') }),
    ).toMatchObject({ files: 1 })
  })

  it('ends when it is cancelled', async () => {
    await project.write({
      'a.test.ts': `import { it } from 'vitest'; it('waits', () => new Promise(() => {}))`,
    })
    const cancel = new AbortController()
    const running = project.run({ signal: cancel.signal })
    setTimeout(() => cancel.abort(new Error('enough')), 50)
    await expect(running).rejects.toThrow('enough')
  })

  it('refuses a folder that is not there', async () => {
    await expect(
      project.run({ directory: join(project.directory, 'nowhere') }),
    ).rejects.toMatchObject({
      code: 'usage',
    })
  })
})
