import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The address of the client's entry; null where no registry answers. */
export async function installClient(version: string): Promise<string | null> {
  const place = join(tmpdir(), `plumb-client-${version}-${process.getuid?.() ?? 0}`)
  if (!existsSync(entryIn(place)) && !(await install(version, place))) return null
  return pathToFileURL(entryIn(place)).href
}

const entryIn = (place: string): string => join(place, 'node_modules/@nangohq/node/dist/index.js')

/** Puts it there whole or not at all: another process may look for it, and this one may be killed. */
async function install(version: string, place: string): Promise<boolean> {
  const draft = await mkdtemp(`${place}-`)
  try {
    await writeFile(join(draft, 'package.json'), '{ "private": true }')
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund']
    const wanted = ['install', ...quiet, `@nangohq/node@${version}`]
    const installed = await new Promise<boolean>((resolve) => {
      execFile('npm', wanted, { cwd: draft, timeout: 240_000 }, (error) => resolve(error === null))
    })
    if (!installed) return false
    // Whoever was first has put the same there.
    await rename(draft, place).catch(() => undefined)
    return existsSync(entryIn(place))
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}
