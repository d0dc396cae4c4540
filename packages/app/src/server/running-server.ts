import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Config } from '../config.js'
import { readKeptKey } from './first-key.js'

/** A server of this user on this data folder, and the key that opens it. */
export type RunningServer = { readonly url: string; readonly secretKey: string }

const noteSchema = z.object({ url: z.string(), pid: z.number().int() })

/** Notes where the server of this process listens, for commands on the same data folder. Returns what takes the note back. */
export async function noteRunningServer(home: string, url: string): Promise<() => Promise<void>> {
  await mkdir(join(home, 'server'), { recursive: true, mode: 0o700 })
  const path = pathOf(home)
  await writeFile(path, JSON.stringify({ url, pid: process.pid }), { mode: 0o600 })
  return async () => {
    // A later server may have written its own.
    if ((await readNote(path))?.pid === process.pid) await rm(path, { force: true })
  }
}

/** The server that runs on the data folder; null when none does, or nobody here has a key of the environment. */
export async function findRunningServer(config: Config): Promise<RunningServer | null> {
  const note = await readNote(pathOf(config.home))
  if (note === null || !isAlive(note.pid)) return null
  const kept = await readKeptKey(config.home, config.environmentName)
  const secretKey = config.secretKey ?? kept
  if (secretKey === null) return null
  return (await answers(note.url)) ? { url: note.url, secretKey } : null
}

async function readNote(path: string): Promise<z.infer<typeof noteSchema> | null> {
  const text = await readFile(path, 'utf8').catch(() => 'null')
  try {
    return noteSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function answers(url: string): Promise<boolean> {
  const options = { signal: AbortSignal.timeout(2000) }
  return fetch(`${url}/health`, options).then(
    (answer) => answer.ok,
    () => false,
  )
}

function pathOf(home: string): string {
  return join(home, 'server', 'running.json')
}
