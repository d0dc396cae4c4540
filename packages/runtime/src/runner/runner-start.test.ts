import { rm, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRunnerFiles } from './runner-files.js'
import { actionCode, openTestRunner, testOrder } from './testing/test-runner.js'
import type { TestRunner } from './testing/test-runner.js'

let runner: TestRunner

beforeAll(async () => {
  runner = await openTestRunner()
})

afterAll(async () => {
  await runner?.close()
})

describe('a process', () => {
  const megabyte = 1024 * 1024
  const outputIn = async (memoryBytes: number): Promise<unknown> => {
    const other = await openTestRunner({ size: 1, memoryBytes })
    try {
      return (await other.pool.run(testOrder('return typeof Response'))).outcome
    } finally {
      await other.close()
    }
  }

  it('starts from the snapshot that the build left', () => {
    expect(findRunnerFiles(256 * megabyte).snapshot).toMatch(process.version)
  })

  it('starts from the text where there is no snapshot for its heap', async () => {
    expect(findRunnerFiles(300 * megabyte).snapshot).toBeNull()
    expect(await outputIn(300 * megabyte)).toEqual({ kind: 'returned', output: 'undefined' })
  })

  it('starts from the text when the snapshot is of no use', async () => {
    const { snapshot } = findRunnerFiles(256 * megabyte)
    const broken = String(snapshot).replace('-256.blob', '-301.blob')
    await writeFile(broken, 'no snapshot')
    try {
      expect(findRunnerFiles(301 * megabyte).snapshot).toBe(broken)
      expect(await outputIn(301 * megabyte)).toEqual({ kind: 'returned', output: 'undefined' })
    } finally {
      await rm(broken, { force: true })
    }
  })
})

describe('the text of a function', () => {
  const counting = (start: number): string =>
    `let count = ${start}; ${actionCode('count += 1; return count')}`
  const result = async (code: string, fileName = 'f.ts'): Promise<unknown> =>
    (await runner.pool.run(testOrder('', { code, fileName, tenant: 'texts' }))).outcome

  it('is evaluated anew for each run', async () => {
    for (let run = 0; run < 3; run += 1)
      expect(await result(counting(1))).toEqual({ kind: 'returned', output: 2 })
  })

  it('is the right one among more than a runner holds, in any order', async () => {
    for (const start of [...Array(40).keys(), 3, 39, 20, 21, 3, 0])
      expect(await result(counting(start))).toEqual({ kind: 'returned', output: start + 1 })
  })

  it('fails in the same way each time when it does not parse', async () => {
    const first = await result('const = 1')
    expect(first).toMatchObject({ kind: 'threw', error: { message: expect.any(String) } })
    expect(await result('const = 1')).toEqual(first)
  })

  it('is sent again when it did not fit into its first frame', async () => {
    const input = 'x'.repeat(17 * 1024 * 1024)
    const code = counting(7)
    await expect(
      runner.pool.run(testOrder('', { code, tenant: 'large', input })),
    ).rejects.toMatchObject({ code: 'request-invalid' })
    const { outcome } = await runner.pool.run(testOrder('', { code, tenant: 'large' }))
    expect(outcome).toEqual({ kind: 'returned', output: 8 })
  })

  it('sees modules that no other run has changed', async () => {
    const change = `Object.assign(require('zod'), { mark: 1 }); ${actionCode('return 1')}`
    expect(await result(change)).toMatchObject({ kind: 'threw' })
    const all = actionCode(`return ['object', 'string', 'z'].every((name) => name in z)`)
    expect(await result(all)).toEqual({ kind: 'returned', output: true })
  })
})
