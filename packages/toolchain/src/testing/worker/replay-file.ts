import type { Provider } from '@plumb/protocol'
import { replayFunction } from '@plumb/sdk/testing'
import type { ReplayOptions } from '@plumb/sdk/testing'
import { getSafeTimers } from '@vitest/utils/timers'
import { reasonOf } from '../reason-of.js'
import type { FileResult } from '../test-run.js'
import type { Job } from './messages.js'

type ReplayInput = {
  readonly job: Job
  readonly importFile: (path: string) => Promise<unknown>
}

/** Replays a function strictly against its fixture: one test. */
export async function replayFile({
  job,
  importFile,
}: ReplayInput): Promise<Omit<FileResult, 'warnings'>> {
  const test = job.name ?? ''
  try {
    const module = (await importFile(job.file)) as ReplayOptions['function']
    await withinTime(job.timeoutMs, replay(module, job))
    return { passed: 1, failed: 0, skipped: 0, failures: [] }
  } catch (error) {
    const told = toldOf(error)
    const failure = { test, reason: reasonOf(told), message: messageOf(told) }
    return { passed: 0, failed: 1, skipped: 0, failures: [failure] }
  }
}

async function replay(module: ReplayOptions['function'], job: Job): Promise<void> {
  const provider: Provider | undefined = job.provider ?? undefined
  await replayFunction({
    function: module,
    fixture: job.fixture ?? '',
    ...(provider && { provider }),
  })
}

type Told = { readonly name?: string; readonly message?: string; readonly [key: string]: unknown }

function toldOf(error: unknown): Told {
  return typeof error === 'object' && error !== null ? (error as Told) : { message: String(error) }
}

function messageOf({ name, message, remedy }: Told): string {
  const said =
    name === undefined || name === 'PlumbError' ? (message ?? '') : `${name}: ${message ?? ''}`
  return typeof remedy === 'string' ? `${said}\n${remedy}` : said
}

async function withinTime(ms: number, work: Promise<void>): Promise<void> {
  const { setTimeout, clearTimeout } = getSafeTimers()
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`timed out after ${ms} ms`)), ms)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
