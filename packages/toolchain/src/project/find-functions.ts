import type { Dirent } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import type { FunctionKind } from '@plumb/protocol'
import { findProjectRoot } from './find-project-root.js'
import { namedInIndex } from './index-file.js'
import type { ProjectFunction } from './project-function.js'
import { kindFolders, namesOf, functionId } from './project-function.js'

const kinds = Object.keys(kindFolders) as FunctionKind[]
const skipped = new Set(['node_modules', 'dist', 'build', 'nango-integrations'])
const isSource = (name: string): boolean =>
  name.endsWith('.ts') && !/\.(d|test|spec|mock)\.ts$/.test(name)

/**
 * Finds the functions of a project, of one integration folder, or of one file, ordered by integration, kind and name.
 * An integration that is a link to another one is found once. Throws PlumbError `function-not-found` when there is none.
 */
export async function findFunctions(directory: string): Promise<ProjectFunction[]> {
  const place = resolve(directory)
  const root = await findProjectRoot(place)
  const named = (await namedInIndex(root)).found
  const alone = await integrationBelow(root)
  const all = mergeLinks(alone.length > 0 ? alone : [...(await functionsBelow(root)), ...named])
  const real = await realpath(place)
  const found = all.filter(
    (one) =>
      place === root ||
      one.file === real ||
      namesOf(one).some((name) => isWithin(join(root, name, kindFolders[one.kind]), place)),
  )
  if (found.length === 0) throw nothingFound(place)
  return found
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

async function functionsBelow(root: string): Promise<ProjectFunction[]> {
  const entries = await readdir(root, { withFileTypes: true })
  const folders = entries.filter(
    (entry) =>
      (entry.isDirectory() || entry.isSymbolicLink()) &&
      !entry.name.startsWith('.') &&
      !skipped.has(entry.name),
  )
  const lists = await Promise.all(folders.map(({ name }) => integrationBelow(join(root, name))))
  return lists.flat()
}

async function integrationBelow(folder: string): Promise<ProjectFunction[]> {
  const lists = await Promise.all(kinds.map((kind) => functionsOfKind(folder, kind)))
  return lists.flat()
}

async function functionsOfKind(folder: string, kind: FunctionKind): Promise<ProjectFunction[]> {
  const below = join(folder, kindFolders[kind])
  const entries = await readdir(below, { withFileTypes: true }).catch(() => [] as Dirent[])
  const files = entries.filter((entry) => !entry.isDirectory() && isSource(entry.name))
  if (files.length === 0) return []
  const real = await realpath(below)
  return Promise.all(
    files.map(async (entry) => ({
      integration: basename(folder),
      kind,
      name: entry.name.slice(0, -'.ts'.length),
      file: entry.isSymbolicLink()
        ? await realpath(join(below, entry.name)).catch(() => join(real, entry.name))
        : join(real, entry.name),
    })),
  )
}

/** One entry per file and kind; the folder that really holds the file gives the integration's name. */
function mergeLinks(found: readonly ProjectFunction[]): ProjectFunction[] {
  const groups = new Map<string, ProjectFunction[]>()
  for (const one of found) {
    const key = `${one.kind}/${one.name}/${one.file}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else if (!group.some(({ integration }) => integration === one.integration)) group.push(one)
  }
  return [...groups.values()].map(withLinks).sort(byPlace)
}

function withLinks(group: readonly ProjectFunction[]): ProjectFunction {
  const sorted = [...group].sort(byPlace)
  const [first] = sorted as [ProjectFunction, ...ProjectFunction[]]
  const owner = basename(dirname(dirname(first.file)))
  const main = sorted.find(({ integration }) => integration === owner) ?? first
  const linkedAs = sorted.filter((one) => one !== main).map(({ integration }) => integration)
  return linkedAs.length === 0 ? main : { ...main, linkedAs }
}

function byPlace(a: ProjectFunction, b: ProjectFunction): number {
  const [left, right] = [a, b].map(functionId)
  return (left ?? '') < (right ?? '') ? -1 : 1
}

function nothingFound(place: string): PlumbError {
  return new PlumbError({
    code: 'function-not-found',
    message: `There are no functions in ${JSON.stringify(place)}.`,
    remedy:
      'Put them at <integration>/actions/<name>.ts, <integration>/syncs/<name>.ts or <integration>/on-events/<name>.ts, and name the folder that holds the integrations.',
  })
}
