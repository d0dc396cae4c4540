import type { Sandbox } from '@plumb/runtime'
import { cancelled } from '../cancelled.js'

export type BoxCommand = {
  readonly sandbox: Sandbox
  readonly command: readonly string[]
  /** Readable at their own paths; nothing is writable. */
  readonly folders: readonly string[]
  readonly cwd: string
  /** Variables beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

const maximumOutput = 4_000_000

/** Runs a tool in a read-only box without network and collects what it prints. */
export async function runInBox(
  input: BoxCommand,
): Promise<{ exitCode: number | null; output: string }> {
  const child = input.sandbox.spawn(
    {
      readOnly: input.folders.map((folder) => ({ outside: folder, inside: folder })),
      writable: [],
      env: { PATH: '/usr/bin:/bin', HOME: '/tmp', GOMAXPROCS: '2', ...input.env },
      cwd: input.cwd,
      sockets: [],
      limits: {
        memoryBytes: 4_000_000_000,
        cpuSeconds: 120,
        processes: 64,
        fileBytes: 10_000_000,
        tmpBytes: 64_000_000,
      },
    },
    input.command,
    { signal: input.signal },
  )
  const chunks: Buffer[] = []
  let size = 0
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maximumOutput) chunks.push(chunk)
    })
  }
  const { code } = await child.exited
  if (input.signal.aborted) throw cancelled('check')
  return { exitCode: code, output: Buffer.concat(chunks).toString('utf8') }
}
