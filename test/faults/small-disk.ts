import { spawnSync } from 'node:child_process'
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type SmallDisk = {
  readonly path: string
  /** Takes all space that is left. */
  fill(): Promise<void>
  /** Gives it back. */
  free(): Promise<void>
  remove(): Promise<void>
}

const megabytes = 220

/** A disk in memory that is soon full; null where this process may not make one. */
export async function mountSmallDisk(): Promise<SmallDisk | null> {
  const path = await mkdtemp(join(tmpdir(), 'plumb-small-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path])
  if (mounted.status !== 0) {
    await rm(path, { recursive: true, force: true })
    return null
  }
  const ballast = join(path, 'ballast')
  return {
    path,
    async fill() {
      await writeFile(ballast, '')
      for (let size = 1 << 20; size >= 1; size >>= 2) {
        const chunk = Buffer.alloc(size)
        for (let n = 0; n <= megabytes; n += 1) {
          const full = await appendFile(ballast, chunk).then(
            () => false,
            () => true,
          )
          if (full) break
        }
      }
    },
    free: () => rm(ballast, { force: true }),
    async remove() {
      spawnSync('umount', ['-l', path])
      await rm(path, { recursive: true, force: true })
    },
  }
}
