import { execFile } from 'node:child_process'
import { access, constants, statfs } from 'node:fs/promises'
import { promisify } from 'node:util'
import { detectSandboxes } from '@plumb/runtime'
import { openDatabase } from '@plumb/store'
import { z } from 'zod'
import type { Config } from '../config.js'
import { failureOf } from '../cli/failure.js'
import { makeDataFolder } from '../workbench.js'
import { defineOperation } from './operation.js'

type DoctorCheck = {
  readonly name: string
  readonly ok: boolean
  /** False when Plumb works without it, only not as well. */
  readonly required: boolean
  readonly found: string
  /** The command or step that mends it; null when nothing is wrong. */
  readonly remedy: string | null
}

const gibibyte = 2 ** 30

/** `plumb doctor`: what this machine has, what it lacks, and the command that installs it. */
export const doctor = defineOperation({
  name: 'doctor',
  summary: 'Say what this machine lacks, and the command that installs it',
  input: z.object({}),
  examples: ['plumb doctor', 'plumb doctor --json'],
  run: async (_input, { config, signal }): Promise<readonly DoctorCheck[]> => [
    nodeCheck(),
    await folderCheck(config),
    await databaseCheck(config, signal),
    ...(await boxChecks()),
    await harnessCheck(),
    await gitCheck(),
  ],
  text: renderChecks,
  exitCode: (checks) => (checks.some((check) => check.required && !check.ok) ? 1 : 0),
})

function nodeCheck(): DoctorCheck {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const ok = major > 20 || (major === 20 && minor >= 19)
  return {
    name: 'Node.js',
    ok,
    required: true,
    found: process.versions.node,
    remedy: ok ? null : 'Install Node.js 22 or 24; 20.19 is the oldest that works.',
  }
}

async function folderCheck({ home }: Config): Promise<DoctorCheck> {
  const base = { name: 'Data folder', required: true }
  try {
    await makeDataFolder(home)
    await access(home, constants.W_OK)
    const { bavail, bsize } = await statfs(home)
    const free = (bavail * bsize) / gibibyte
    const ok = free > 1
    const remedy = ok
      ? null
      : 'Free at least 1 GiB there, or set PLUMB_HOME to a folder with more room.'
    return { ...base, ok, found: `${home} (${free.toFixed(1)} GiB free)`, remedy }
  } catch (error) {
    const remedy = 'Set PLUMB_HOME to a folder that you may write to.'
    return { ...base, ok: false, found: failureOf(error).message, remedy }
  }
}

async function databaseCheck(config: Config, signal: AbortSignal): Promise<DoctorCheck> {
  const base = { name: 'PostgreSQL', required: true }
  try {
    const place =
      config.databaseUrl === null ? { dataDir: config.home } : { url: config.databaseUrl }
    const database = await openDatabase({ ...place, signal })
    const [row] = await database.query<{ version: string }>('select version()')
    await database.close()
    const version = row?.version.split(' ').slice(0, 2).join(' ') ?? 'unknown'
    return { ...base, ok: true, found: `${version}, ${database.kind}`, remedy: null }
  } catch (error) {
    const { message, remedy } = failureOf(error)
    return { ...base, ok: false, found: message, remedy }
  }
}

async function boxChecks(): Promise<DoctorCheck[]> {
  const boxes = await detectSandboxes()
  const usable = boxes.find((box) => box.available)
  const summary: DoctorCheck = {
    name: 'Boxes',
    ok: usable !== undefined,
    required: true,
    found: usable === undefined ? 'none' : usable.backend,
    remedy:
      usable === undefined
        ? boxes
            .map((box) => box.remedy)
            .filter(Boolean)
            .join(' Or: ')
        : null,
  }
  const details = boxes.map((box) => ({
    name: `  ${box.backend}`,
    ok: box.available,
    required: false,
    found: box.reason,
    remedy: box.available || box.remedy === '' ? null : box.remedy,
  }))
  return [summary, ...details]
}

async function harnessCheck(): Promise<DoctorCheck> {
  const base = { name: 'OpenCode', required: true }
  try {
    const { findOpenCode } = await import('@plumb/builder')
    const { path, version } = findOpenCode()
    return { ...base, ok: true, found: `${version} (${path})`, remedy: null }
  } catch (error) {
    const { message, remedy } = failureOf(error)
    return { ...base, ok: false, found: message, remedy }
  }
}

async function gitCheck(): Promise<DoctorCheck> {
  const base = { name: 'git', required: false }
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'])
    return { ...base, ok: true, found: stdout.trim(), remedy: null }
  } catch {
    const remedy =
      'Install git (`apt-get install git`) if integrations should be committed on a branch.'
    return { ...base, ok: false, found: 'not found', remedy }
  }
}

function renderChecks(checks: readonly DoctorCheck[]): string {
  const lines = checks.map(({ name, ok, required, found, remedy }) => {
    const mark = ok ? 'ok     ' : required ? 'MISSING' : 'absent '
    return `${mark} ${name.padEnd(14)} ${found}${remedy === null ? '' : `\n        -> ${remedy}`}`
  })
  const broken = checks.filter((check) => check.required && !check.ok)
  const closing = broken.length === 0 ? 'Plumb can run here.' : `${broken.length} missing.`
  return [...lines, '', closing].join('\n')
}
