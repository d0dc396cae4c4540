import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const plumb = join(import.meta.dirname, '..', 'packages', 'app', 'bin', 'plumb.js')

export type Served = {
  readonly url: string
  readonly pid: number
  /** What it said so far. */
  readonly said: () => string
  /** Sends the signal and waits for the end; resolves with the exit code, null after SIGKILL. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

const deadlineMs = 150_000

/** Starts the built `plumb serve` in a folder, and waits until it serves and is ready. */
export async function servePlumb(
  cwd: string,
  o: { readonly args?: readonly string[]; readonly environment?: Record<string, string> } = {},
): Promise<Served> {
  const child = spawn(
    process.execPath,
    [plumb, 'serve', '--port', '0', '--check-answers', ...(o.args ?? [])],
    {
      ...{ cwd, stdio: ['ignore', 'ignore', 'pipe'] },
      env: { ...process.env, NODE_OPTIONS: '', ...o.environment },
    },
  )
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const url = await addressOf(child, () => said)
  await untilReady(url)
  return {
    ...{ url, pid: child.pid ?? 0, said: () => said },
    stop: (signal = 'SIGTERM') => {
      child.kill(signal)
      return ended
    },
  }
}

async function addressOf(child: ChildProcess, said: () => string): Promise<string> {
  const begun = performance.now()
  for (;;) {
    const url = /Plumb serves (http:\S+)/.exec(said())?.[1]
    if (url !== undefined) return url
    if (child.exitCode !== null || performance.now() - begun > deadlineMs) {
      child.kill('SIGKILL')
      throw new Error(`plumb serve did not start: ${said()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function untilReady(url: string): Promise<void> {
  const begun = performance.now()
  while (!(await fetch(`${url}/ready`)).ok) {
    if (performance.now() - begun > deadlineMs) throw new Error(`${url} did not get ready`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
