import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ProjectUnderTest, bundleWorker } from './project-under-test.js'

let project: ProjectUnderTest

beforeAll(bundleWorker)
beforeEach(async () => {
  project = await ProjectUnderTest.open()
})
afterEach(() => project.close())

const vitestFiles: Record<string, string> = {
  'modules mocked by name, by path and in part': `
    import { vi, it, expect } from 'vitest';
    import soap from 'soap';
    import { double, half } from './numbers.js';
    const client = { call: vi.fn(async () => 'answer') };
    vi.mock('soap', () => { class Security {} return { default: { createClientAsync: vi.fn(() => Promise.resolve(client)), Security } } });
    vi.mock('./numbers.js', async (importOriginal) => ({ ...(await importOriginal()), double: () => 'mocked' }));
    it('mocks', async () => {
      expect(await (await soap.createClientAsync()).call()).toBe('answer');
      expect([double(2), half(2)]).toEqual(['mocked', 1]);
      const real = await vi.importActual('./numbers.js');
      expect(real.double(2)).toBe(4);
    });`,
  'a module mocked without a factory': `
    import { vi, it, expect } from 'vitest';
    vi.mock('./numbers.js');
    import * as numbers from './numbers.js';
    it('answers nothing', () => { expect(numbers.double(2)).toBeUndefined(); expect(numbers.double).toHaveBeenCalledWith(2) });`,
  'hoisted values': `
    import { vi, it, expect } from 'vitest';
    const { double } = vi.hoisted(() => ({ double: vi.fn(() => 'hoisted') }));
    vi.mock('./numbers.js', () => ({ double }));
    import * as numbers from './numbers.js';
    it('are there first', () => { expect(numbers.double(1)).toBe('hoisted') });`,
  'waiting at the top level': `
    import { it, expect } from 'vitest';
    const { default: text, ...rest } = await import('./data.json');
    const here = await Promise.resolve(import.meta.url);
    it('waits', () => { expect(text).toEqual({ a: 1 }); expect(here).toMatch(/^file:.*test.ts$/); });`,
  'places and files': `
    import { it, expect } from 'vitest';
    import { readFileSync } from 'node:fs';
    import path from 'path';
    import data from './data.json';
    import { whereAmI } from './deep/place.js';
    it('are those of each source', () => {
      expect(JSON.parse(readFileSync(new URL('./data.json', import.meta.url), 'utf8'))).toEqual(data);
      expect(path.relative(__dirname, whereAmI())).toBe('deep');
      expect(import.meta.dirname).toBe(__dirname);
    });`,
  'a clock under control': `
    import { vi, it, expect, beforeEach, afterEach } from 'vitest';
    beforeEach(() => { vi.useFakeTimers(); vi.setSystemTime(new Date('2026-07-01T00:00:00.000Z')) });
    afterEach(() => { vi.useRealTimers(); vi.clearAllMocks(); vi.restoreAllMocks() });
    it('stands still', async () => {
      expect(new Date().toISOString()).toBe('2026-07-01T00:00:00.000Z');
      const later = new Promise((resolve) => setTimeout(resolve, 60_000));
      await vi.advanceTimersByTimeAsync(60_000);
      await later;
      expect(Date.now()).toBe(Date.parse('2026-07-01T00:01:00.000Z'));
    });
    it('stands still again', () => { vi.useRealTimers(); vi.setSystemTime('2020-02-02'); expect(new Date().getUTCFullYear()).toBe(2020) });`,
  'every kind of test': `
    import { describe, it, test, expect, vi } from 'vitest';
    it.each([[1, 2], [2, 4]])('doubles %i', (a, b) => { expect(a * 2).toBe(b) });
    it.skip('is skipped', () => { throw new Error('no') });
    it.todo('is to do');
    it.fails('fails', () => { expect(1).toBe(2) });
    it.runIf(false)('is not run', () => { throw new Error('no') });
    describe.each([{ n: 1 }])('suite $n', ({ n }) => { test.concurrent('runs', async ({ expect }) => { expect(n).toBe(1) }) });
    it('rejects', async () => { await expect(Promise.reject(new TypeError('bad'))).rejects.toThrow('bad') });
    it('matches parts', () => {
      expect.assertions(4);
      expect({ a: 1, b: { c: [1, 2] } }).toMatchObject({ b: { c: expect.arrayContaining([2]) } });
      expect({ a: new Date(0) }).toEqual({ a: expect.any(Date) });
      expect(vi.isMockFunction(vi.fn())).toBe(true);
      expect({ a: undefined, b: 1 }).not.toStrictEqual({ b: 1 });
    });
    it('polls', async () => { let n = 0; await expect.poll(() => ++n).toBe(3); await vi.waitFor(() => { if (++n < 6) throw new Error('not yet') }) });`,
  'snapshots written in the test': `
    import { it, expect } from 'vitest';
    it('matches', () => {
      expect({ a: [1, 'b'] }).toMatchInlineSnapshot(\`
        {
          "a": [
            1,
            "b",
          ],
        }
      \`);
      expect(() => { throw new Error('bad') }).toThrowErrorMatchingInlineSnapshot(\`[Error: bad]\`);
    });`,
}

const beside = {
  'data.json': '{ "a": 1 }',
  'numbers.ts': `export const double = (n: number) => n * 2; export const half = (n: number): number => n / 2;`,
  'deep/place.ts': `export const whereAmI = (): string => __dirname`,
}

describe('hand-written tests may use', () => {
  for (const [what, text] of Object.entries(vitestFiles)) {
    it(what, async () => {
      await project.write({ ...beside, 'one.test.ts': text })
      const { failures, ok, failed } = await project.run()
      expect({ failures, ok, failed }).toEqual({ failures: [], ok: true, failed: 0 })
    })
  }
})
