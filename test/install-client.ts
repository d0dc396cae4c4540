import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The address of the client's entry; null where no registry answers. */
export async function installClient(version: string): Promise<string | null> {
  const place = join(tmpdir(), `plumb-compat-client-${version}-${process.getuid?.() ?? 0}`)
  const entry = join(place, 'node_modules/@nangohq/node/dist/index.js')
  if (!existsSync(entry)) {
    await mkdir(place, { recursive: true })
    await writeFile(join(place, 'package.json'), '{ "private": true }')
    const wanted = [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `@nangohq/node@${version}`,
    ]
    const installed = await new Promise<boolean>((resolve) => {
      execFile('npm', wanted, { cwd: place, timeout: 100_000 }, (error) => resolve(error === null))
    })
    if (!installed) return null
  }
  return pathToFileURL(entry).href
}
