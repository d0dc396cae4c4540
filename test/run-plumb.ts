import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const plumb = join(root, 'packages', 'app', 'bin', 'plumb.js')

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }
export type Place = {
  readonly cwd: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs the built command line. */
export function runPlumb(args: readonly string[], place: Place): Promise<Ended> {
  return run([process.execPath, plumb, ...args], place)
}

/** Runs one line as a person types it, where `plumb` is on the path; `bin` is a folder to put it into. */
export function runLine(line: string, bin: string, place: Place): Promise<Ended> {
  mkdirSync(bin, { recursive: true })
  const script = `#!/bin/sh\nexec '${process.execPath}' '${plumb}' "$@"\n`
  writeFileSync(join(bin, 'plumb'), script, { mode: 0o755 })
  const path = [bin, process.env['PATH']].join(delimiter)
  return run(['/bin/sh', '-c', line], {
    ...place,
    environment: { ...place.environment, PATH: path },
  })
}

/** Runs a program to its end, whatever its exit code. */
export function run(command: readonly string[], { cwd, environment }: Place): Promise<Ended> {
  const [program = '', ...args] = command
  const env = { ...process.env, NODE_OPTIONS: '', ...environment }
  const options = { cwd, env, maxBuffer: 64 * 2 ** 20, timeout: 240_000 }
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, stdout, stderr })
    })
  })
}
