import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Kills the embedded PostgreSQL of a data folder, as an out-of-memory killer would, and waits until its sessions have
 * ended with it: one that still lives could answer as if nothing had happened.
 */
export async function killDatabase(home: string): Promise<void> {
  const lock = await readFile(join(home, 'cluster/postmaster.pid'), 'utf8')
  const server = Number.parseInt(lock, 10)
  // From here on it begins no other session.
  process.kill(server, 'SIGSTOP')
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const parents = await Promise.all(pids.map(async (pid) => (await statusOf(pid)).parent))
  const sessions = pids.filter((_pid, n) => parents[n] === String(server))
  process.kill(server, 'SIGKILL')
  for (const pid of [String(server), ...sessions]) {
    for (let tries = 0; tries < 20_000 && (await statusOf(pid)).lives; tries += 1) await sleep(5)
  }
}

async function statusOf(pid: string): Promise<{ lives: boolean; parent: string | undefined }> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const lives = text !== '' && !/^State:\s+[ZX]/m.test(text)
  return { lives, parent: /^PPid:\s+(\d+)/m.exec(text)?.[1] }
}
