import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { PlumbError } from '@plumb/protocol'

const plumb = fileURLToPath(new URL('../../../bin/plumb.js', import.meta.url))
const startDeadlineMs = 120_000

export type BenchPlace = {
  /** The project; its data stands in `.plumb` there. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

export type BenchServer = {
  readonly url: string
  readonly pid: number
  readonly secretKey: string
  /** Seconds from its start until it said that it is ready. */
  readonly startSeconds: number
  close(): Promise<void>
}

/** Starts `plumb serve` in a process of its own, and waits until it is ready. */
export async function startServer(place: BenchPlace): Promise<BenchServer> {
  const started = performance.now()
  const child = spawnPlumb(['serve', '--port', '0'], place)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const close = (): Promise<void> => {
    child.kill('SIGTERM')
    return ended
  }
  try {
    const url = await readyAddress(child, place.signal)
    const startSeconds = (performance.now() - started) / 1000
    const key = await readFile(join(place.folder, '.plumb/server/dev.key'), 'utf8')
    return { url, pid: child.pid ?? 0, secretKey: key.trim(), startSeconds, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Runs a command of `plumb` in the project to its end. Throws PlumbError `internal` with what it said when it fails. */
export async function runPlumb(args: readonly string[], place: BenchPlace): Promise<void> {
  const child = spawnPlumb(args, place)
  const said = listen(child)
  const code = await new Promise((resolve) => child.once('exit', resolve))
  if (code !== 0) throw failed(`plumb ${args.join(' ')} failed`, said())
}

function spawnPlumb(args: readonly string[], { folder, environment }: BenchPlace): ChildProcess {
  return spawn(process.execPath, [plumb, ...args], {
    cwd: folder,
    env: ownEnvironment(environment),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

/** What this machine sets for its own Plumb must not reach the one that is measured. */
function ownEnvironment(environment: BenchPlace['environment']) {
  const others = Object.entries(environment).filter(
    ([name]) => !name.startsWith('PLUMB_') && name !== 'DATABASE_URL' && name !== 'NODE_OPTIONS',
  )
  return Object.fromEntries(others)
}

async function readyAddress(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const said = listen(child)
  const until = performance.now() + startDeadlineMs
  while (performance.now() < until && child.exitCode === null) {
    signal.throwIfAborted()
    const url = /Plumb serves (http:\S+)/.exec(said())?.[1]
    if (url !== undefined && (await isReady(url))) return url
    await sleep(10)
  }
  throw failed('plumb serve did not get ready', said())
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/ready`).then(
    ({ ok }) => ok,
    () => false,
  )
}

function listen(child: ChildProcess): () => string {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-8000)))
  return () => said
}

function failed(what: string, said: string): PlumbError {
  return new PlumbError({
    code: 'internal',
    message: `${what}: ${said.trim()}`,
    remedy: 'Run the same command by hand to see more.',
  })
}
