import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import type { Sandbox } from '@plumb/runtime'
import type { Diagnostic } from '../compile/diagnostic.js'
import { readCompilerOutput } from './check-types.js'
import { nativeCompilerDirectory } from './native-compiler.js'
import { projectFlags } from './project-flags.js'
import { runInBox } from './run-in-box.js'
import { findTypeRoots } from './type-roots.js'

export type ProjectTypeCheck = {
  readonly root: string
  /** Absolute paths of the functions; what they import is checked with them. */
  readonly files: readonly string[]
  /** Packages that may be imported but are not installed: everything in them has any type. */
  readonly absentPackages: readonly string[]
  /** Further folders that hold sources, outside of the root. */
  readonly folders: readonly string[]
  readonly sandbox: Sandbox
  readonly signal: AbortSignal
  readonly onProgress?: (checked: number) => void
}

/** Functions of one run of the compiler: more save little time (libraries are read once per run) and cost 1.6 MB each. */
const chunkSize = 400

/**
 * Type-checks functions where they stand, in a box that can read the project and nothing else of its owner.
 * Paths of diagnostics are relative to the root. Throws `sandbox-failed` when the compiler cannot run.
 */
export async function checkProjectTypes(input: ProjectTypeCheck): Promise<Diagnostic[]> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'plumb-types-')))
  const found = new Map<string, Diagnostic>()
  try {
    for (let from = 0; from < input.files.length; from += chunkSize) {
      const files = input.files.slice(from, from + chunkSize)
      for (const one of await checkChunk(input, files, folder)) {
        found.set(`${one.path}:${one.line}:${one.column} ${one.code} ${one.message}`, one)
      }
      input.onProgress?.(Math.min(from + chunkSize, input.files.length))
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return [...found.values()]
}

async function checkChunk(
  input: ProjectTypeCheck,
  files: readonly string[],
  folder: string,
): Promise<Diagnostic[]> {
  const roots = findTypeRoots()
  const absent = join(folder, 'absent.d.ts')
  await writeFile(absent, input.absentPackages.map(declareAbsent).join(''))
  const compilerOptions = {
    ...projectFlags,
    types: ['node'],
    typeRoots: [roots.typesFolder],
    paths: roots.paths,
  }
  const project = { compilerOptions, files: [...files, absent] }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project))
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
    env: { GOGC: 'off', GOMEMLIMIT: '720MiB' },
    signal: input.signal,
  })
  const found = readCompilerOutput(finished, (path) => isOwn(path, input)).map((one) => ({
    ...one,
    path: relative(input.root, resolve(input.root, one.path)),
  }))
  return withoutUntyped(found, input)
}

/** What the compiler says about names whose types nobody has here: of packages without types, or not installed. */
const ofAbsent: ReadonlySet<string> = new Set(['TS2709', 'TS2503', 'TS6133', 'TS6196'])

function withoutUntyped(found: readonly Diagnostic[], input: ProjectTypeCheck): Diagnostic[] {
  const names = input.absentPackages.map((name) => name.replaceAll('.', '\\.')).join('|')
  const imports = new RegExp(`from\\s*['"](${names})(/[^'"]*)?['"]`)
  const texts = new Map<string, boolean>()
  const importsAbsent = (path: string): boolean => {
    const known = texts.get(path) ?? imports.test(readFileSync(join(input.root, path), 'utf8'))
    texts.set(path, known)
    return known
  }
  return found.filter(
    ({ code, path }) => code !== 'TS7016' && !(ofAbsent.has(code) && importsAbsent(path)),
  )
}

function declareAbsent(name: string): string {
  return `declare module ${JSON.stringify(name)};\ndeclare module ${JSON.stringify(`${name}/*`)};\n`
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
