import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PlumbError } from '@plumb/protocol'

export type OpenCodeBinary = { readonly path: string; readonly version: string }

type Machine = { readonly platform: string; readonly arch: string }

const platformNames: Readonly<Record<string, string>> = { win32: 'windows' }

/** The binaries' packages, best first: `baseline` is for processors without AVX2, `musl` for systems without glibc. */
export function binaryPackages({ platform, arch }: Machine): string[] {
  const name = `opencode-${platformNames[platform] ?? platform}-${arch}`
  return [name, `${name}-baseline`, `${name}-musl`, `${name}-baseline-musl`]
}

function versionOf(path: string): string | null {
  // Without a home it would ask the system for one, which a user id without an account does not have.
  const env = { HOME: tmpdir() }
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', env })
  return status === 0 ? stdout.trim() : null
}

function folders(from: string): string[] {
  const above = dirname(from)
  return above === from ? [from] : [from, ...folders(above)]
}

/**
 * Finds the OpenCode binary that npm installed for this machine; its own install script need not have run. Throws
 * PlumbError `harness-unavailable` when there is none that starts.
 */
export function findOpenCode(
  machine: Machine = process,
  from: string = dirname(fileURLToPath(import.meta.url)),
): OpenCodeBinary {
  const packages = binaryPackages(machine)
  const candidates = packages.flatMap((name) =>
    folders(from).map((folder) => join(folder, 'node_modules', name, 'bin', 'opencode')),
  )
  for (const candidate of candidates.filter((path) => existsSync(path))) {
    const path = realpathSync(candidate)
    const version = versionOf(path)
    if (version !== null) return { path, version }
  }
  throw new PlumbError({
    code: 'harness-unavailable',
    message: `OpenCode has no program here that starts on ${machine.platform}-${machine.arch}; looked for ${packages.join(', ')}.`,
    remedy: 'Run `npm install opencode-ai@1.18.33 --include=optional`.',
  })
}
