import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { SourceText } from '@plumb/toolchain'
import type { EvidenceIndex, FunctionEvidence } from './integration-files.js'
import { sha256 } from './integration-files.js'

export type KeptFunction = { readonly evidence: FunctionEvidence; readonly source: SourceText }

/** The evidence index that an earlier run left, or null. */
export async function readEvidence(directory: string): Promise<EvidenceIndex | null> {
  const text = await readText(join(directory, 'evidence.json'))
  if (text === null) return null
  try {
    const index = JSON.parse(text) as Partial<EvidenceIndex>
    return index.functions && index.files ? (index as EvidenceIndex) : null
  } catch {
    return null
  }
}

/** Functions of earlier runs that are still there and are not built anew, with their text. */
export async function readKept(
  directory: string,
  earlier: EvidenceIndex | null,
  renewed: ReadonlySet<string>,
): Promise<KeptFunction[]> {
  const kept: KeptFunction[] = []
  for (const evidence of earlier?.functions ?? []) {
    const content = renewed.has(evidence.id) ? null : await readText(join(directory, evidence.file))
    if (content !== null) kept.push({ evidence, source: { path: evidence.file, content } })
  }
  return kept
}

/** Files to be written that exist, differ, and are not as an earlier run of ours left them. */
export async function conflicts(
  directory: string,
  files: ReadonlyMap<string, string>,
  earlier: EvidenceIndex | null,
): Promise<string[]> {
  const paths: string[] = []
  for (const [path, text] of files) {
    if (path === 'evidence.json') continue
    const existing = await readText(join(directory, path))
    if (existing === null || existing === text) continue
    if (earlier?.files[path] !== sha256(existing)) paths.push(path)
  }
  return paths
}

/** Writes beside the integration first and then swaps the folders, so that nobody sees half of one. */
export async function writeIntegration(
  directory: string,
  files: ReadonlyMap<string, string>,
  token: string,
): Promise<void> {
  const name = basename(directory)
  const fresh = join(dirname(directory), `.${name}-${token}.new`)
  const old = join(dirname(directory), `.${name}-${token}.old`)
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { recursive: true })
  const existed =
    (await readText(join(directory, 'package.json'))) !== null || (await isFolder(directory))
  if (existed) await cp(directory, fresh, { recursive: true, verbatimSymlinks: true })
  for (const [path, text] of files) {
    await mkdir(dirname(join(fresh, path)), { recursive: true })
    await writeFile(join(fresh, path), text)
  }
  if (existed) await rename(directory, old)
  await rename(fresh, directory)
  await rm(old, { recursive: true, force: true })
}

async function isFolder(path: string): Promise<boolean> {
  return readFile(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'EISDIR',
  )
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
}
