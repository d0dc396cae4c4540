import type { SandboxPolicy } from '../sandbox/sandbox.js'

const insidePath = '/plumb/runner-entry.mjs'
/** What Node.js maps privately before any function runs: code ranges, stacks, the young generation. */
const ownMemory = 512 * 1024 * 1024
/** Node.js from 24 on reserves more. */
const laterMemory = 560 * 1024 * 1024
const nodeMajor = Number(process.versions.node.split('.')[0])

/** The box of a runner: one readable file, no environment, no network, nothing writable. */
export function runnerPolicy(entryPath: string, memoryBytes: number): SandboxPolicy {
  return {
    readOnly: [{ outside: entryPath, inside: insidePath }],
    writable: [],
    env: { TZ: 'UTC', LANG: 'C.UTF-8' },
    cwd: '/plumb',
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

/** How the runner is started inside its box. */
export function runnerCommand(memoryBytes: number): string[] {
  const heapMegabytes = Math.ceil(memoryBytes / (1024 * 1024))
  const flags = [`--max-old-space-size=${heapMegabytes}`, '--no-warnings', ...permissionFlags()]
  return [process.execPath, ...flags, insidePath]
}

/** Node's own permission model, a spare layer inside the box. */
function permissionFlags(): string[] {
  if (nodeMajor < 22) return ['--experimental-permission', `--allow-fs-read=${insidePath}`]
  return ['--permission', `--allow-fs-read=${insidePath}`, '--disable-sigusr1']
}
