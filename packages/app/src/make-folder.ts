import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it; one that is there stays as it is. `mode` is that of folders which are made.
 * Throws the error of the file system. `mkdir` with `recursive` tries for ever where a parent is there and takes no
 * folders, as in /proc.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(path, mode)
  } catch (error) {
    const isOrphan = (error as NodeJS.ErrnoException).code === 'ENOENT' && dirname(path) !== path
    if (!isOrphan) return refuseUnlessFolder(path, error)
    await makeFolder(dirname(path), mode)
    await mkdir(path, mode).catch((again: unknown) => refuseUnlessFolder(path, again))
  }
}

/** Another process may have made it meanwhile, and a file system that is read-only says so first. */
async function refuseUnlessFolder(path: string, error: unknown): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory() !== true) throw error
}
