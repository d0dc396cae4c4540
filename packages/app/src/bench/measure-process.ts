import { spawn } from 'node:child_process'
import { setInterval } from 'node:timers'
import { descendantsOf, readProcess, readProcesses } from './process-tree.js'

export type Command = {
  readonly args: readonly string[]
  readonly directory: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

export type ProcessCost = {
  /** Seconds. */
  readonly wall: number
  /** Seconds of CPU of the process and everything below it. */
  readonly cpu: number
  /** Highest resident memory of the process and everything below it, in bytes, seen ten times a second. */
  readonly peakMemory: number
}

export type MeasuredProcess = {
  readonly cost: ProcessCost
  readonly exitCode: number | null
  readonly output: string
}

const sampleEveryMs = 100
const outputLimit = 8_000_000

/** Runs one Node.js program to its end and says what it cost. Linux only; one at a time, as children share one count. */
export async function measureProcess(
  { args, directory, environment }: Command,
  signal: AbortSignal,
): Promise<MeasuredProcess> {
  const before = (await readProcess('self')).ended
  const started = performance.now()
  const child = spawn(process.execPath, args, {
    cwd: directory,
    env: environment,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer): void => {
    if (output.length < outputLimit) output += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  let peakMemory = 0
  const sampler = setInterval(() => {
    void memoryBelow(child.pid).then((memory) => {
      peakMemory = Math.max(peakMemory, memory)
    })
  }, sampleEveryMs)
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    const wall = (performance.now() - started) / 1000
    const cpu = (await readProcess('self')).ended - before
    return { cost: { wall, cpu, peakMemory }, exitCode, output }
  } finally {
    clearInterval(sampler)
  }
}

async function memoryBelow(pid: number | undefined): Promise<number> {
  if (pid === undefined) return 0
  const tree = descendantsOf(await readProcesses(), pid)
  return tree.reduce((total, { memory }) => total + memory, 0)
}
