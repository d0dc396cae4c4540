import type { Readable } from 'node:stream'
import type { FunctionOutcome } from '@plumb/protocol'
import type { SandboxExit } from '../sandbox/sandbox.js'

const keptBytes = 8192

/** Reads a stream to its end and keeps its last 8 KB. */
export function readTail(stream: Readable): () => string {
  let tail = ''
  stream.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-keptBytes)
  })
  stream.on('error', () => undefined)
  return () => tail
}

const memoryWords = /heap out of memory|Allocation failed|Fatal process out of memory|bad_alloc/
/** How V8 ends when it finds no memory; a shell adds 128 to the signal. */
const memorySignals: readonly (string | number | null)[] = ['SIGABRT', 'SIGTRAP', 134, 133]
const cpuSignals: readonly (string | number | null)[] = ['SIGXCPU', 152]

/** Why a runner that gave no result has ended. */
export function deathOf(
  exit: SandboxExit,
  told: { violation: string | null; stderr: string },
): Extract<FunctionOutcome, { kind: 'killed' }> {
  const { violation, stderr } = told
  if (violation !== null) return { kind: 'killed', reason: 'protocol', detail: violation }
  const how = [exit.signal, exit.code]
  if (memoryWords.test(stderr) || how.some((way) => memorySignals.includes(way))) {
    return {
      kind: 'killed',
      reason: 'memory',
      detail: 'The function used more memory than it may.',
    }
  }
  if (how.some((way) => cpuSignals.includes(way))) {
    return { kind: 'killed', reason: 'deadline', detail: 'The function used more CPU than it may.' }
  }
  const last = stderr.trim().split('\n').at(-1) ?? ''
  const detail = `The process ended with ${exit.signal ?? `code ${exit.code}`}. ${last}`.trim()
  return { kind: 'killed', reason: 'crash', detail }
}
