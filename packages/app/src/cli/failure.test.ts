import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { expect, test } from 'vitest'
import { wrongInput } from '../operations/wrong-input.js'
import { exitCodes, failureOf } from './failure.js'

const called = { name: 'test', positionals: ['directory'] }
const schema = z.object({ directory: z.string(), maxWorkers: z.number().optional() })

test.each([
  [{ directory: '.', maxWorkers: 'many' }, '--max-workers is "many": expected number'],
  [{}, '<directory> is missing: expected string'],
])('what was typed wrong is named with its value: %j', (input, message) => {
  const parsed = schema.safeParse(input, { reportInput: true })
  if (parsed.success) throw new Error('The input should be wrong.')
  const failure = failureOf(wrongInput(called, input, parsed.error))
  expect(failure).toMatchObject({ code: 'usage', exitCode: exitCodes.usage })
  expect(failure.message).toContain(message)
  expect(failure.remedy).toContain('plumb test --help')
})

test('what the file system refuses is named, and is no defect', async () => {
  const refusal = async (work: Promise<unknown>) =>
    failureOf(await work.catch((thrown: unknown) => thrown))
  const below = `${import.meta.filename}/below`
  expect(await refusal(readFile(below))).toMatchObject({
    code: 'file-inaccessible',
    message: expect.stringContaining(`"${below}" cannot be used: ENOTDIR`),
    exitCode: exitCodes.error,
  })
  expect(await refusal(readFile(import.meta.dirname))).toMatchObject({ code: 'internal' })
  // What is missing should have been there.
  expect(await refusal(readFile(`${import.meta.filename}.gone`))).toMatchObject({
    code: 'internal',
  })
})

test('a working folder that is gone is told', () => {
  const gone = Object.assign(new Error('ENOENT: no such file or directory, uv_cwd'), {
    ...{ code: 'ENOENT', syscall: 'uv_cwd' },
  })
  expect(failureOf(gone)).toMatchObject({ code: 'file-inaccessible', exitCode: exitCodes.error })
})

test('what was stopped with Ctrl-C is no defect', () => {
  const controller = new AbortController()
  controller.abort()
  expect(failureOf(controller.signal.reason)).toMatchObject({
    code: 'cancelled',
    exitCode: exitCodes.cancelled,
  })
})

test('a schema that fails inside a command is a defect, and no wrong usage', () => {
  const { error } = schema.safeParse(1)
  expect(failureOf(error)).toMatchObject({ code: 'internal', exitCode: exitCodes.error })
})
