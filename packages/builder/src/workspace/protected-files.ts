import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProtectedFile } from './workspace.js'

export const sha256 = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex')

const maxBytes = 1_000_000

async function hashOf(path: string): Promise<string | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const file = await open(path, flags).catch(() => null)
  if (file === null) return null
  try {
    const { size } = await file.stat()
    const regular = (await file.stat()).isFile() && size <= maxBytes
    return regular ? sha256(await file.readFile()) : null
  } finally {
    await file.close()
  }
}

/** The protected files that are no longer what was written at the start: changed, removed or replaced by a link. */
export async function changedProtectedFiles(workspace: {
  readonly directory: string
  readonly protectedFiles: readonly ProtectedFile[]
}): Promise<readonly ProtectedFile[]> {
  const states = await Promise.all(
    workspace.protectedFiles.map(async (file) => ({
      file,
      same: (await hashOf(join(workspace.directory, file.path))) === file.sha256,
    })),
  )
  return states.filter(({ same }) => !same).map(({ file }) => file)
}
