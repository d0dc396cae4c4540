import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Queryable } from '@plumb/store'
import { startTypeScript } from '../../connections/testing/start-typescript.js'
import type { SyncProcessJob } from './sync-process.js'

/** Starts `sync-process.ts` in a process of its own; resolves when it serves. */
export async function startSyncProcess(job: SyncProcessJob): Promise<ChildProcess> {
  const child = await startTypeScript(new URL('./sync-process.ts', import.meta.url))
  child.stdin.write(`${JSON.stringify(job)}\n`)
  const [said] = (await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => ['it ended']),
  ])) as [Buffer | string]
  if (String(said).trim() !== 'ready') throw new Error(`The process did not serve: ${String(said)}`)
  return child
}

/** Ends a process at once, whatever it does. */
export async function killProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** The address of the database that a session is in. */
export async function databaseUrlOf(db: Queryable): Promise<string> {
  const [row] = await db.query<{ name: string; socket: string; port: string }>(
    `select current_database() as name, current_setting('unix_socket_directories') as socket,
       current_setting('port') as port`,
  )
  if (row === undefined) throw new Error('The database does not say where it is.')
  return `postgresql://plumb@${encodeURIComponent(row.socket)}:${row.port}/${row.name}`
}
