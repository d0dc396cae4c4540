import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ApiDescription } from '@plumb/protocol'

/** The cached description, or null; a damaged entry counts as none. */
export async function readCached(folder: string, key: string): Promise<ApiDescription | null> {
  try {
    const value = JSON.parse(await readFile(fileOf(folder, key), 'utf8')) as ApiDescription
    return Array.isArray(value.operations) ? value : null
  } catch {
    return null
  }
}

/** Written beside and renamed, so that a reader never sees half an entry. */
export async function writeCached(
  folder: string,
  key: string,
  description: ApiDescription,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const draft = join(folder, `.${key}.${randomUUID()}`)
  await writeFile(draft, JSON.stringify(description))
  await rename(draft, fileOf(folder, key))
}

function fileOf(folder: string, key: string): string {
  return join(folder, `${key}.json`)
}
