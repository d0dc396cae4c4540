import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The secret of a project's pseudonyms, kept in `.plumb/record-salt` and made when it is missing. */
export async function readProjectSalt(directory: string): Promise<string> {
  const folder = join(directory, '.plumb')
  const path = join(folder, 'record-salt')
  await mkdir(folder, { recursive: true })
  try {
    await writeFile(path, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return (await readFile(path, 'utf8')).trim()
}
