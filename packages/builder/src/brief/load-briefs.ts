import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Brief } from '@plumb/protocol'
import { PlumbError } from '@plumb/protocol'
import type { BriefChecks } from './find-brief-problems.js'
import { checkBrief } from './find-brief-problems.js'
import { parsePositioned } from './positioned-document.js'

/** A brief of hundreds of interactions has a tenth of this. */
const maxBytes = 1_000_000

export type LoadedBrief = { readonly path: string; readonly brief: Brief }

/**
 * Reads and validates briefs (files, or folders of `*.brief.json|yaml|yml`). Throws `brief-not-found`, or
 * `brief-invalid` with every problem of every file, one per line as `file:line:column message`.
 */
export async function loadBriefs(
  paths: readonly string[],
  checks: BriefChecks = {},
): Promise<LoadedBrief[]> {
  const files = (await Promise.all(paths.map(expand))).flat()
  if (files.length === 0) {
    throw new PlumbError({
      code: 'brief-not-found',
      message: `No brief was found in ${paths.length === 0 ? 'an empty list of paths' : paths.join(', ')}.`,
      remedy: 'Name a *.brief.yaml or *.brief.json file; `plumb init` writes one to start from.',
    })
  }
  const texts = await Promise.all(files.map(readBrief))
  return parseBriefs(
    files.map((path, i) => ({ path, text: texts[i] ?? '' })),
    checks,
  )
}

type BriefText = { readonly path: string; readonly text: string }

/** The same for texts that are already at hand. */
export function parseBriefs(texts: readonly BriefText[], checks: BriefChecks = {}): LoadedBrief[] {
  const results = texts.map(({ path, text }) => ({
    path,
    ...checkBrief(parsePositioned(text), checks),
  }))
  const problems = results.flatMap(({ path, problems: found }) =>
    found.map(({ position, message }) => `${path}:${position.line}:${position.column} ${message}`),
  )
  if (problems.length > 0) throw invalid(problems)
  return results.flatMap(({ path, brief }) => (brief === null ? [] : [{ path, brief }]))
}

function invalid(problems: readonly string[]): PlumbError {
  return new PlumbError({
    code: 'brief-invalid',
    message: problems.join('\n'),
    remedy:
      problems.length === 1
        ? 'Correct the brief there; docs/briefs.md describes every key.'
        : `Correct these ${problems.length} places; docs/briefs.md describes every key.`,
  })
}

async function expand(path: string): Promise<string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw notFound(path, reasonOf(cause), cause)
  })
  // A pipe nobody writes to would be waited for without end.
  if (!found.isDirectory() && !found.isFile()) throw notFound(path, 'it is neither file nor folder')
  if (!found.isDirectory()) return [path]
  const names = await readdir(path)
  return names
    .filter((name) => /\.brief\.(json|ya?ml)$/.test(name))
    .sort()
    .map((name) => join(path, name))
}

async function readBrief(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > maxBytes) throw tooLarge(path, size)
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw cause instanceof PlumbError ? cause : notFound(path, reasonOf(cause), cause)
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function tooLarge(path: string, size: number): PlumbError {
  return new PlumbError({
    code: 'brief-invalid',
    message: `The brief ${path} has ${size} bytes; at most ${maxBytes} are read.`,
    remedy: 'Split it into several briefs, and keep API descriptions in files of their own.',
  })
}

function notFound(path: string, reason: string, cause?: unknown): PlumbError {
  return new PlumbError({
    code: 'brief-not-found',
    message: `The brief ${path} cannot be read: ${reason}`,
    remedy: 'Check the path; `plumb init` writes a brief to start from.',
    cause,
  })
}
