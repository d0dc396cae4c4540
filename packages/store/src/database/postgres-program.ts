import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Cluster } from './cluster.js'

type ProgramResult = { readonly exitCode: number | null; readonly output: string }

/** Runs one of PostgreSQL's programs to its end; `output` is stdout and stderr together, or why it did not start. */
export async function runProgram(
  cluster: Cluster,
  program: 'initdb',
  args: readonly string[],
): Promise<ProgramResult> {
  const child = launch(cluster, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => chunks.push(text))
  }
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ exitCode: null, output: error.message }))
    child.once('close', (exitCode) => resolve({ exitCode, output: chunks.join('') }))
  })
}

/** Starts the server so that it outlives this process; it writes to the cluster's log file. */
export function launchServer(cluster: Cluster, args: readonly string[]): ChildProcess {
  const log = openSync(cluster.logFile, 'a', 0o600)
  try {
    const child = launch(cluster, ['postgres', ...args], {
      stdio: ['ignore', log, log],
      detached: true,
    })
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

function launch(
  cluster: Cluster,
  [program = '', ...args]: readonly string[],
  options: { stdio: ('ignore' | 'pipe' | number)[]; detached?: boolean },
): ChildProcess {
  const { directory } = cluster.binaries
  const words = [...cluster.identity.prefix, join(directory, 'bin', program), ...args]
  const libraries = join(directory, 'lib')
  return spawn(words[0] ?? program, words.slice(1), {
    ...options,
    ...cluster.identity.owner,
    cwd: cluster.dataDir,
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin',
      LC_ALL: 'C',
      LD_LIBRARY_PATH: libraries,
      DYLD_LIBRARY_PATH: libraries,
    },
  })
}
