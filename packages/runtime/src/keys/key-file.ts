import { randomUUID } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlumbError } from '@plumb/protocol'

/** Makes `directory` if it is not there. Throws PlumbError `keys-invalid` when others than its owner may enter it. */
export async function openKeyDirectory(directory: string): Promise<void> {
  const created = await mkdir(directory, { recursive: true, mode: 0o700 }).catch(
    (cause: unknown) => {
      throw new PlumbError({
        code: 'keys-invalid',
        message: `The keys folder "${directory}" can not be made.`,
        remedy: 'Choose a folder that this user may write to.',
        cause,
      })
    },
  )
  // The umask may have taken more than wanted; nothing less is possible.
  if (created !== undefined) await chmod(directory, 0o700)
  refuseOpenToOthers(directory, '700', await stat(directory))
}

/**
 * The content of a key file, made by `create` when there is none. Of several processes that start at once one
 * creates it and all read the same. Throws PlumbError `keys-invalid` for permissions that let others read it.
 */
export async function readOrCreateKeyFile(
  directory: string,
  name: string,
  create: () => string,
): Promise<string> {
  const path = join(directory, name)
  const existing = await readIfThere(path)
  if (existing !== null) return existing
  const draft = join(directory, `.${name}.${randomUUID()}`)
  try {
    await writeFile(draft, create(), { mode: 0o600, flag: 'wx' })
    await chmod(draft, 0o600)
    await flush(draft)
    // A link, unlike a rename, fails when somebody else was first.
    await link(draft, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await rm(draft, { force: true })
  }
  const content = await readIfThere(path)
  if (content === null) throw new Error(`"${path}" vanished while it was made`)
  return content
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    refuseOpenToOthers(path, '600', await stat(path))
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

/** Throws PlumbError `keys-invalid` with the command that helps. */
export function refuseOpenToOthers(
  path: string,
  wanted: string,
  { mode }: { readonly mode: number },
): void {
  if (process.platform === 'win32') return
  const permissions = mode & 0o777
  if ((permissions & 0o077) === 0) return
  throw new PlumbError({
    code: 'keys-invalid',
    message: `"${path}" has permissions ${permissions.toString(8)}, so others than its owner can get at the keys.`,
    remedy: `Run: chmod ${wanted} "${path}"`,
  })
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+')
  await file.sync().finally(() => file.close())
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
