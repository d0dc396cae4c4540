import { describe, expect, it } from 'vitest'
import { measureProcess } from './measure-process.js'

const run = (script: string) =>
  measureProcess(
    { args: ['-e', script], directory: '/', environment: { GIVEN: 'yes' } },
    AbortSignal.timeout(150_000),
  )

describe.runIf(process.platform === 'linux')('measureProcess', () => {
  it('counts what grandchildren use, and their memory', async () => {
    const burn = 'const b = Buffer.alloc(150e6, 1); while (process.cpuUsage().user < 1e6) b[0]++'
    const busy = await run(
      `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(burn)}])`,
    )
    expect(busy.exitCode).toBe(0)
    // What else this process starts meanwhile can only add to it.
    expect(busy.cost.cpu).toBeGreaterThan(0.9)
    expect(busy.cost.peakMemory).toBeGreaterThan(150e6)
    expect(busy.cost.wall).toBeGreaterThan(0)
  })

  it('hands on exit code, output and only the given environment', async () => {
    const { exitCode, output } = await run(
      'console.log(process.env.GIVEN, process.env.HOME); process.exitCode = 3',
    )
    expect({ exitCode, output }).toEqual({ exitCode: 3, output: 'yes undefined\n' })
  })

  it('ends the process when it is cancelled', async () => {
    const command = { args: ['-e', 'setInterval(() => 0, 1000)'], directory: '/', environment: {} }
    await expect(measureProcess(command, AbortSignal.timeout(300))).rejects.toThrow(/abort/i)
  })
})
