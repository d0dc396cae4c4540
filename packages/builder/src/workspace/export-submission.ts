import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { BehaviourId, SubmittedFile } from '@plumb/protocol'
import { sha256 } from './protected-files.js'
import type { ProtectedFile, Workspace } from './workspace.js'

export type ExportedSubmission =
  | {
      readonly kind: 'exported'
      readonly files: readonly SubmittedFile[]
      /** Names at the top of the workspace that are neither part of the scaffold nor handed in. */
      readonly ignored: readonly string[]
    }
  | {
      readonly kind: 'refused'
      readonly path: string
      readonly reason: string
      readonly behaviour: BehaviourId
      readonly ignored: readonly string[]
    }

/** The only paths that leave a workspace. */
export const submittedPaths = ['function.ts'] as const

const maxBytes = 256 * 1024
const scaffoldFolders = ['.agents', 'node_modules']

type Reading = { content: string } | { reason: string; behaviour: BehaviourId }

const linkReasons: Readonly<Record<string, string>> = {
  ELOOP: 'is a symbolic link',
  ENOENT: 'does not exist',
  ENXIO: 'is not a regular file',
}

async function readRegular(file: FileHandle): Promise<Reading> {
  const { nlink, size, ...stat } = await file.stat()
  const regular = (stat.mode & constants.S_IFMT) === constants.S_IFREG
  if (!regular) return { reason: 'is not a regular file', behaviour: 'A4' }
  if (nlink !== 1) return { reason: `has ${nlink} hard links`, behaviour: 'A4' }
  if (size > maxBytes)
    return { reason: `has ${size} bytes; ${maxBytes} are allowed`, behaviour: 'B11' }
  const bytes = await file.readFile()
  try {
    return {
      content: new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, maxBytes)),
    }
  } catch {
    return { reason: 'is not valid UTF-8', behaviour: 'B11' }
  }
}

async function readSubmitted(path: string): Promise<Reading> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  try {
    const file = await open(path, flags)
    return await readRegular(file).finally(() => file.close())
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    const reason = linkReasons[code] ?? `cannot be read (${code})`
    return { reason, behaviour: code === 'ENOENT' ? 'G1' : 'A4' }
  }
}

function ignoredNames(names: readonly string[], scaffold: readonly ProtectedFile[]): string[] {
  const known = new Set<string>([
    ...submittedPaths,
    ...scaffoldFolders,
    ...scaffold.map(({ path }) => path),
  ])
  return names.filter((name) => !known.has(name)).sort()
}

/**
 * Reads the declared files of a workspace from outside: regular files with one name, at most 256 KB of UTF-8; links and
 * devices are refused with the behaviour they stand for. Everything else in the workspace stays behind.
 */
export async function exportSubmission(
  workspace: Pick<Workspace, 'directory' | 'protectedFiles'>,
): Promise<ExportedSubmission> {
  const names = await readdir(workspace.directory)
  const ignored = ignoredNames(names, workspace.protectedFiles)
  const files: SubmittedFile[] = []
  for (const path of submittedPaths) {
    const reading = await readSubmitted(join(workspace.directory, path))
    if ('reason' in reading)
      return {
        kind: 'refused',
        path,
        reason: `"${path}" ${reading.reason}.`,
        behaviour: reading.behaviour,
        ignored,
      }
    files.push({ path, content: reading.content, sha256: sha256(reading.content) })
  }
  return { kind: 'exported', files, ignored }
}
