import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { detectSandboxes, openSandbox } from '../open-sandbox.js'
import type { Sandbox } from '../sandbox.js'
import type { Box } from './attack.js'
import { bothBoxes } from './attack.js'
import { openTarget } from './attack-target.js'
import type { OpenTarget } from './attack-target.js'
import { nativeCode, rawCallProgram, rawCalls } from './raw-calls.js'
import { policyOf, runInBox } from './run-attack.js'

/** EPERM, ESRCH, EACCES, ENOSYS, EAFNOSUPPORT: anything else means that the kernel looked at the arguments. */
const refusals = [1, 3, 13, 38, 97]
const available = (await detectSandboxes()).filter((found) => found.available)
const native = nativeCode()

let target: OpenTarget

beforeAll(async () => {
  target = await openTarget()
})

afterAll(() => target.close())

describe.each(available)('$backend', ({ backend }) => {
  let sandbox: Sandbox

  beforeAll(async () => {
    sandbox = await openSandbox({ backend })
  })

  afterAll(() => sandbox.close())

  test.each(bothBoxes)('native code in the %s is refused each call', async (box: Box) => {
    const policy = policyOf(box, target)
    const readOnly = native.folders.map((path) => ({ outside: path, inside: path }))
    const calls = rawCalls(box)
    const { finished, output } = await runInBox(
      sandbox,
      { ...policy, readOnly: [...policy.readOnly, ...readOnly] },
      rawCallProgram(calls, native.entry),
    )
    expect(finished, output).toBe(true)
    const through = output
      .split('\n')
      .map((line) => line.split('\t'))
      .filter((parts) => parts.length === 3)
      .filter(([name, result, errno]) => {
        const accepted = calls.find((call) => call.name === name)?.accepts
        if (accepted !== undefined) return Number(result) !== accepted
        return Number(result) >= 0 || !refusals.includes(Number(errno))
      })
    expect(through).toEqual([])
    console.log(
      `escape suite (${backend}, ${box}, native code): ${calls.length} attempts, ${calls.length - through.length} stopped`,
    )
  })
})
