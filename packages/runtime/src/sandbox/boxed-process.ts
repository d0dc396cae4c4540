import type { ChildProcess } from 'node:child_process'
import { Duplex, PassThrough } from 'node:stream'
import type { Stream } from 'node:stream'
import { PlumbError } from '@plumb/protocol'
import type { SandboxedProcess, SandboxExit } from './sandbox.js'

const noProcess = -1

type Ending = {
  /** Ends whatever of the box is alive. */
  readonly kill: () => void
  /** Resolves once nothing of the box is left; called when the program has ended. */
  readonly settle: () => Promise<void>
  readonly signal?: AbortSignal | undefined
}

function whenExited(child: ChildProcess): Promise<SandboxExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: 126, signal: null }))
  })
}

function channelOf(child: ChildProcess): Duplex {
  const channel = child.stdio[3]
  if (channel instanceof Duplex) return channel
  throw new PlumbError({
    code: 'sandbox-failed',
    message: `The box's program has no channel on file descriptor 3 (pid ${child.pid ?? 'none'}).`,
    remedy: 'Run `plumb doctor` to see whether the sandbox backend is still complete.',
  })
}

/** Presents a started box, whose fd 3 is a pipe, as a SandboxedProcess. */
export function boxedProcess(child: ChildProcess, ending: Ending): SandboxedProcess {
  const channel = channelOf(child)
  // A box may die at any moment: readers then see the end of the stream, and writers need no exception for it.
  const streams: readonly (Stream | null | undefined)[] = child.stdio
  for (const stream of streams) stream?.on('error', () => undefined)
  let killed = false
  const kill = () => {
    killed = true
    ending.kill()
  }
  ending.signal?.addEventListener('abort', kill, { once: true })
  if (ending.signal?.aborted) kill()
  const exited = whenExited(child).then(async (exit) => {
    ending.signal?.removeEventListener('abort', kill)
    const reported: SandboxExit = killed ? { code: null, signal: 'SIGKILL' } : exit
    await ending.settle()
    return reported
  })
  return {
    pid: child.pid ?? noProcess,
    channel,
    stdin: child.stdin ?? new PassThrough().resume(),
    stdout: child.stdout ?? new PassThrough().end(),
    stderr: child.stderr ?? new PassThrough().end(),
    exited,
    kill,
  }
}
