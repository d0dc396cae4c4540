import { basename, dirname } from 'node:path'
import type { Mount, SandboxBackend, SandboxPolicy } from '../sandbox/sandbox.js'

/** What Node.js maps privately before any function runs: code ranges, stacks, the young generation. */
const ownMemory = 512 * 1024 * 1024
/** Node.js from 24 on reserves more. */
const laterMemory = 560 * 1024 * 1024
const nodeMajor = Number(process.versions.node.split('.')[0])

/** The box of a runner: one readable file, no environment, no network, nothing writable. */
export function runnerPolicy(entry: Mount, memoryBytes: number): SandboxPolicy {
  return {
    readOnly: [entry],
    writable: [],
    env: { TZ: 'UTC', LANG: 'C.UTF-8' },
    cwd: dirname(entry.inside),
    sockets: [],
    limits: {
      memoryBytes: memoryBytes + ownMemory + (nodeMajor >= 24 ? laterMemory : 0),
      cpuSeconds: 3600,
      processes: 32,
      fileBytes: 0,
      tmpBytes: 0,
    },
    strict: true,
  }
}

/** Where the runner stands in its box: out of the way of this machine's paths, where the backend can move files. */
export function runnerEntry(path: string, backend: SandboxBackend): Mount {
  const movable = backend === 'bubblewrap'
  return { outside: path, inside: movable ? `/plumb/${basename(path)}` : path }
}

/** How the runner is started inside its box: from its text, or from a snapshot that was made with the same heap. */
export function runnerCommand(entry: Mount, memoryBytes: number): string[] {
  const flags = [`--max-old-space-size=${heapMegabytes(memoryBytes)}`, '--no-warnings']
  const start = entry.inside.endsWith('.blob') ? ['--snapshot-blob', entry.inside] : [entry.inside]
  return [process.execPath, ...flags, ...permissionFlags(entry.inside), ...start]
}

/** Of memory in bytes. */
export function heapMegabytes(memoryBytes: number): number {
  return Math.ceil(memoryBytes / (1024 * 1024))
}

/** Node's own permission model, a spare layer inside the box. */
function permissionFlags(path: string): string[] {
  if (nodeMajor < 22) return ['--experimental-permission', `--allow-fs-read=${path}`]
  return ['--permission', `--allow-fs-read=${path}`, '--disable-sigusr1']
}
