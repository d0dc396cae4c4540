import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Kills the embedded PostgreSQL of a data folder, as an out-of-memory killer would; its sessions end with it. */
export async function killDatabase(home: string): Promise<void> {
  const lock = await readFile(join(home, 'cluster/postmaster.pid'), 'utf8')
  process.kill(Number.parseInt(lock, 10), 'SIGKILL')
}
