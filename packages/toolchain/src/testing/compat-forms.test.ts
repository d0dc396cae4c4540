import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ProjectUnderTest, bundleWorker } from './project-under-test.js'

let project: ProjectUnderTest

beforeAll(bundleWorker)
beforeEach(async () => {
  project = await ProjectUnderTest.open()
})
afterEach(() => project.close())

const patching = `
  const mock = globalThis.vitest?.NangoActionMock;
  if (mock && !mock.prototype.getToken) mock.prototype.getToken = async () => 'patched';
  export default { exec: async (nango: any) => nango.getToken() };`
const patched = `
  import { it, expect } from 'vitest';
  import upload from '../actions/upload.js';
  it('takes the member it brought', async () => {
    const mock = new globalThis.vitest.NangoActionMock({ dirname: __dirname, name: 'upload', Model: 'X' });
    expect(await upload.exec(mock)).toBe('patched');
  });`
const unpatched = `
  import { it, expect } from 'vitest';
  it('finds the class as it was', () => {
    expect(Object.hasOwn(globalThis.vitest.NangoActionMock.prototype, 'getToken')).toBe(false);
    expect('getToken' in globalThis.vitest.NangoActionMock.prototype).toBe(false);
  });`
const setups: Record<string, Record<string, string>> = {
  'without a setup file': {},
  'with one that passes the classes on': {
    'vitest.setup.ts': `import * as mocks from 'nango/test'; globalThis.vitest = { ...mocks }`,
  },
  'with one that derives from them': {
    'vitest.setup.ts': `import { NangoActionMock, NangoSyncMock } from 'nango/test';
      globalThis.vitest = { NangoActionMock: class extends NangoActionMock {}, NangoSyncMock }`,
  },
}

describe('what a function adds to the class of mocks is there for its file only', () => {
  for (const [which, setup] of Object.entries(setups)) {
    it(which, async () => {
      await project.write({
        ...setup,
        'box/actions/upload.ts': patching,
        'box/tests/upload.test.json': '{}',
        'box/tests/a.test.ts': patched,
        'box/tests/b.test.ts': unpatched,
      })
      const { failures, passed, warnings } = await project.run()
      expect({ failures, passed, warnings }).toEqual({ failures: [], passed: 2, warnings: [] })
    })
  }
})

const forms: Record<string, string> = {
  'restoring mocks, which leaves functions that were made as mocks alone': `
    import { it, expect, vi, afterEach } from 'vitest';
    const made = vi.fn(async () => 'made');
    const object = { real: () => 'real' };
    const spy = vi.spyOn(object, 'real').mockReturnValue('spied');
    it('restores spies only', async () => {
      made.mockResolvedValueOnce('once');
      expect([await made(), await made(), object.real()]).toEqual(['once', 'made', 'spied']);
      vi.restoreAllMocks();
      expect([await made(), object.real()]).toEqual(['made', 'real']);
      made.mockImplementation(async () => 'other');
      made.mockReset();
      expect(await made()).toBe('made');
      expect(vi.isMockFunction(object.real)).toBe(false);
    });`,
  'a package that is not installed, and a constructor of it': `
    import { it, expect, vi, afterEach } from 'vitest';
    import soap from 'soap';
    import report from './report.js';
    afterEach(() => { vi.restoreAllMocks() });
    it('is stood in for', async () => {
      const call = vi.fn(async () => [{ Rows: 2 }]);
      vi.spyOn(soap, 'createClientAsync').mockResolvedValue({ Get_ReportAsync: call, setSecurity: vi.fn() });
      vi.spyOn(soap, 'WSSecurity').mockImplementation(function () { return {} });
      expect(await report()).toEqual({ Rows: 2 });
      expect(soap.WSSecurity).toHaveBeenCalledOnce();
    });
    it('says what is missing when it is called', async () => {
      await expect(report()).rejects.toThrow(/soap\\.WSSecurity was called, and the package "soap" is not installed/);
    });`,
  'functions that wait at their top level and read JSON': `
    import { it, expect } from 'vitest';
    import { settings, again } from './waits.js';
    it('are complete', () => { expect(settings).toEqual({ depth: 3 }); expect(again).toBe(3); });`,
  'modules that import each other': `
    import { it, expect } from 'vitest';
    import { even } from './even.js';
    it('are both there', () => { expect(even(10)).toBe(true) });`,
  'parts of Node without their prefix': `
    import { it, expect } from 'vitest';
    import crypto, { createHash } from 'crypto';
    import * as url from 'url';
    import { Buffer } from 'node:buffer';
    it('are those of Node', () => {
      expect(createHash('sha1').update('a').digest('hex')).toBe(crypto.createHash('sha1').update(Buffer.from('a')).digest('hex'));
      expect(new url.URL('https://a.example/b').pathname).toBe('/b');
    });`,
  'answers and headers': `
    import { it, expect } from 'vitest';
    it('are compared', async () => {
      const answer = new Response('{"a":1}', { status: 201, headers: { 'x-page': '2' } });
      expect(answer).toBeInstanceOf(Response);
      expect(answer.headers).toEqual(new Headers({ 'x-page': '2', 'content-type': 'text/plain;charset=UTF-8' }));
      expect(await answer.json()).toEqual({ a: 1 });
    });`,
  'a date that stands still while timers run': `
    import { it, expect, vi, afterEach } from 'vitest';
    afterEach(() => { vi.useRealTimers() });
    it('is set', async () => {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-04T00:00:00Z') });
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(new Date().toISOString()).toBe('2026-03-04T00:00:00.000Z');
    });`,
}

const beside = {
  'report.ts': `import soap from 'soap';
    export default async function report() {
      const security = new soap.WSSecurity('a', 'b');
      const client = await soap.createClientAsync('https://a.example/?wsdl');
      client.setSecurity(security);
      const [answer] = await client['Get_ReportAsync']({});
      return answer;
    }`,
  'waits.ts': `import data from './settings.json' with { type: 'json' };
    import { depth } from './settings.json';
    export const settings = await Promise.resolve(data);
    export const again: number = depth;`,
  'settings.json': '{ "depth": 3 }',
  'even.ts': `import { odd } from './odd.js';
    export function even(n: number): boolean { return n === 0 || odd(n - 1) }`,
  'odd.ts': `import { even } from './even.js';
    export function odd(n: number): boolean { return n !== 0 && even(n - 1) }`,
}

describe('existing tests may use', () => {
  for (const [what, text] of Object.entries(forms)) {
    it(what, async () => {
      await project.write({ ...beside, 'one.test.ts': text })
      const { failures, ok } = await project.run()
      expect({ failures, ok }).toEqual({ failures: [], ok: true })
    })
  }
})

it('the configuration says which files are tests, and what names stand for', async () => {
  await project.write({
    'vitest.config.ts': `import { defineConfig } from 'vitest/config';
      export default defineConfig({
        resolve: { alias: { '~': './lib', '@shop': path.resolve(__dirname, 'lib', 'shop') } },
        test: { coverage: { include: ['**/*.ts'] }, include: ['checks/**/*.check.ts'] },
      })`,
    'lib/one.ts': `export const one = 1`,
    'lib/shop/index.ts': `export const name = 'shop'`,
    'checks/deep/a.check.ts': `import { it, expect } from 'vitest'; import { one } from '~/one.js'; import { name } from '@shop';
      it('reads them', () => { expect([one, name]).toEqual([1, 'shop']) })`,
    'left-out.test.ts': `throw new Error('not a test of this project')`,
  })
  const { failures, files, passed } = await project.run()
  expect({ failures, files, passed }).toEqual({ failures: [], files: 1, passed: 1 })
})

it('a failure names the line that was written, in plain text', async () => {
  await project.write({
    'one.test.ts': `import { it, expect } from 'vitest'

interface Row {
  readonly a: number
}
it('differs', async () => {
  const row: Row = await Promise.resolve({ a: 1 })
  expect(row).toEqual({ a: 2 })
})
`,
  })
  const { failures } = await project.run()
  expect(failures[0]?.message).toMatch(
    /at one\.test\.ts:8:\d+: expect\(row\)\.toEqual\(\{ a: 2 \}\)$/,
  )
  expect(failures[0]?.message).not.toContain('\u001b')
})
