import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import type { Sandbox } from '@plumb/runtime'
import type { Diagnostic } from '../compile/diagnostic.js'
import { readCompilerOutput } from './check-types.js'
import { declarationsOf, isUntyped, packagesForTypes } from './declared-packages.js'
import { nativeCompilerDirectory } from './native-compiler.js'
import { projectFlags } from './project-flags.js'
import { runInBox } from './run-in-box.js'
import { findTypeRoots } from './type-roots.js'
import type { TypeRoots } from './type-roots.js'

/** A function's file, and every file that it consists of. */
type CheckedFunction = {
  readonly file: string
  readonly closure: { readonly files: readonly string[] }
}

export type ProjectTypeCheck = {
  readonly root: string
  /** By absolute paths; what they import is checked with them. */
  readonly functions: readonly CheckedFunction[]
  /** Packages that may be imported but are not installed: everything in them has any type. */
  readonly absentPackages: readonly string[]
  /** Further folders that hold sources, outside of the root. */
  readonly folders: readonly string[]
  readonly sandbox: Sandbox
  readonly signal: AbortSignal
  readonly onProgress?: (checked: number) => void
}

/** Functions of one run of the compiler: libraries are read once per run, and each function holds 0.5 MB until its end. */
const mostAtOnce = 1000

/** One run of the compiler. */
type Chunk = {
  readonly functions: readonly CheckedFunction[]
  readonly folder: string
  readonly roots: TypeRoots
  /** Not installed, whether they may be imported or only lend their types. */
  readonly absent: readonly string[]
}

/**
 * Type-checks functions where they stand, in a box that can read the project and nothing else of its owner.
 * Paths of diagnostics are relative to the root. Throws `sandbox-failed` when the compiler cannot run.
 */
export async function checkProjectTypes(input: ProjectTypeCheck): Promise<Diagnostic[]> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'plumb-types-')))
  const found = new Map<string, Diagnostic>()
  const roots = findTypeRoots()
  const absent = [...new Set([...input.absentPackages, ...lendingTypes(input.root)])]
  const all = input.functions
  const chunkSize = Math.ceil(all.length / Math.ceil(all.length / mostAtOnce))
  try {
    for (let from = 0; from < all.length; from += chunkSize) {
      const functions = all.slice(from, from + chunkSize)
      for (const one of await checkWhole(input, { functions, folder, roots, absent })) {
        found.set(`${one.path}:${one.line}:${one.column} ${one.code} ${one.message}`, one)
      }
      input.onProgress?.(Math.min(from + chunkSize, all.length))
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return [...found.values()]
}

/** Packages whose types may be imported and that are not there. */
function lendingTypes(root: string): string[] {
  const folders = packageFolders(root)
  return packagesForTypes.filter((name) =>
    folders.every((folder) => !existsSync(join(folder, name))),
  )
}

/** The compiler says nothing of types while a file does not parse: what reaches such a file is told of, and then left out. */
async function checkWhole(input: ProjectTypeCheck, chunk: Chunk): Promise<Diagnostic[]> {
  const found = await checkChunk(input, chunk)
  const torn = new Set(
    found.filter(({ code }) => /^TS1\d{3}$/.test(code)).map(({ path }) => join(input.root, path)),
  )
  const functions = chunk.functions.filter(
    ({ file, closure: { files } }) => !torn.has(file) && !files.some((one) => torn.has(one)),
  )
  if (functions.length === chunk.functions.length || functions.length === 0) return found
  return [...found, ...(await checkWhole(input, { ...chunk, functions }))]
}

async function checkChunk(input: ProjectTypeCheck, chunk: Chunk): Promise<Diagnostic[]> {
  const { folder, roots } = chunk
  await writeProject(chunk)
  const compiler = nativeCompilerDirectory()
  const finished = await runInBox({
    sandbox: input.sandbox,
    command: [
      join(compiler, 'tsc'),
      ...['-p', join(folder, 'tsconfig.json'), '--pretty', 'false', '--checkers', '2'],
    ],
    folders: distinct([
      ...[folder, compiler, ...roots.folders, input.root, ...input.folders],
      ...packageFolders(input.root),
    ]),
    cwd: input.root,
    // Collecting only under pressure takes a fifth less time.
    env: { GOGC: 'off', GOMEMLIMIT: '800MiB' },
    signal: input.signal,
  })
  const found = readCompilerOutput(finished, (path) => isOwn(path, input)).map((one) => ({
    ...one,
    path: relative(input.root, resolve(input.root, one.path)),
  }))
  return withoutUntyped(found, input.root, chunk)
}

async function writeProject({ functions, folder, roots, absent }: Chunk): Promise<void> {
  const declarations = join(folder, 'absent.d.ts')
  await writeFile(declarations, declarationsOf(absent))
  const compilerOptions = {
    ...projectFlags,
    types: ['node'],
    typeRoots: [roots.typesFolder],
    paths: roots.paths,
  }
  const project = { compilerOptions, files: [...functions.map(({ file }) => file), declarations] }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project))
}

/** What the compiler says about names whose types nobody has here: of packages without types, or not installed. */
const ofNames: ReadonlySet<string> = new Set(
  ['TS2709', 'TS2503', 'TS6133', 'TS6196', 'TS4111'].concat([
    'TS2305',
    'TS2614',
    'TS2694',
    'TS2724',
  ]),
)
/** What it says about values that are made of such ones: parameters and variables without a type. */
const ofValues: ReadonlySet<string> = new Set(
  ['TS7005', 'TS7006', 'TS7010', 'TS7011', 'TS7019', 'TS7022', 'TS7023', 'TS7024'].concat([
    'TS7031',
    'TS7034',
    'TS7053',
    'TS18046',
    'TS2571',
  ]),
)

function withoutUntyped(
  found: readonly Diagnostic[],
  root: string,
  { functions, absent }: Chunk,
): Diagnostic[] {
  const namesAbsent = mentions(absent)
  const namesUntyped = mentions(absent.filter(isUntyped))
  const reachesUntyped = (file: string): boolean =>
    functions.some(
      ({ closure: { files } }) => files.includes(file) && files.some((one) => namesUntyped(one)),
    )
  return found.filter(({ code, path }) => {
    if (code === 'TS7016') return false
    if (ofNames.has(code)) return !namesAbsent(join(root, path))
    return !(ofValues.has(code) && reachesUntyped(join(root, path)))
  })
}

/** Tells whether a file imports from one of the packages; each file is read once. */
function mentions(names: readonly string[]): (file: string) => boolean {
  const escaped = names.map((name) => name.replaceAll('.', '\\.')).join('|')
  const imports = new RegExp(`(from|import)\\s*\\(?\\s*['"](${escaped})(/[^'"]*)?['"]`)
  const known = new Map<string, boolean>()
  return (file) => {
    const answer = known.get(file) ?? (names.length > 0 && imports.test(textOf(file)))
    known.set(file, answer)
    return answer
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function isOwn(path: string, { root, folders }: ProjectTypeCheck): boolean {
  const absolute = resolve(root, path)
  if (absolute.includes('/node_modules/')) return false
  return [root, ...folders].some((folder) => absolute.startsWith(`${folder}/`))
}

/** Every node_modules that the project can import from. */
function packageFolders(root: string): string[] {
  const found: string[] = []
  for (let at = root; at !== dirname(at); at = dirname(at)) {
    const folder = join(at, 'node_modules')
    if (existsSync(folder)) found.push(realpathSync(folder))
  }
  return found
}

function distinct(folders: readonly string[]): string[] {
  return [...new Set(folders)].filter((one) => existsSync(one))
}
