import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { promisify } from 'node:util'
import { insideShell } from '../inside-script.js'
import type { SandboxAvailability } from '../sandbox.js'

const run = promisify(execFile)

/** Fixed places, so that a folder on PATH cannot supply another `bwrap`. */
const places = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap']

const trial = [
  ...['--unshare-all', '--unshare-user', '--die-with-parent', '--new-session', '--disable-userns'],
  ...[
    '--clearenv',
    '--uid',
    '1000',
    '--gid',
    '1000',
    '--ro-bind',
    '/',
    '/',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
  ],
  ...['--size', '4096', '--tmpfs', '/tmp', '--', insideShell, '-c', 'exit 0'],
]

/** Path of the installed `bwrap`, or null. */
export function findBubblewrap(among: readonly string[] = places): string | null {
  return among.find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const unavailable = (reason: string, remedy: string): SandboxAvailability => ({
  backend: 'bubblewrap',
  available: false,
  reason,
  remedy,
})

/** Makes an empty box, because an installed bubblewrap says nothing about what the kernel lets it do. */
export async function detectBubblewrap(
  among: readonly string[] = places,
): Promise<SandboxAvailability> {
  const program = findBubblewrap(among)
  if (program === null)
    return unavailable(
      `bubblewrap is not installed (looked for ${among.join(', ')}).`,
      'Install it: `apt-get install bubblewrap` (Debian, Ubuntu), `dnf install bubblewrap` (Fedora) or `apk add bubblewrap` (Alpine).',
    )
  try {
    await run(program, trial, { env: {} })
    return {
      backend: 'bubblewrap',
      available: true,
      reason: `${program} makes a box on this kernel.`,
      remedy: '',
    }
  } catch (error) {
    return unavailable(...explain(program, error))
  }
}

function explain(program: string, error: unknown): [reason: string, remedy: string] {
  const text = error instanceof Error ? error.message.split('\n').slice(1).join(' ').trim() : ''
  const reason = `${program} cannot make a box here: ${text || String(error)}`
  if (/Unknown option/.test(text)) return [reason, 'Install bubblewrap 0.8 or newer.']
  return [
    reason,
    'Allow user namespaces: `sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0`, or in Docker `--security-opt seccomp=unconfined --security-opt systempaths=unconfined`.',
  ]
}
