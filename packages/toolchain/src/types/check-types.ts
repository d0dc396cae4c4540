import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import type { Sandbox } from '@plumb/runtime'
import type { Diagnostic } from '../compile/diagnostic.js'
import { nativeCompilerDirectory } from './native-compiler.js'
import { strictFlags } from './project-flags.js'
import { runInBox } from './run-in-box.js'
import { findTypeRoots } from './type-roots.js'
import type { TypeRoots } from './type-roots.js'

export type SourceText = { readonly path: string; readonly content: string }

export type TypeCheckInput = {
  /** Relative paths and their text; all are checked in one run of the compiler. */
  readonly files: readonly SourceText[]
  readonly sandbox: Sandbox
  readonly signal: AbortSignal
}

/**
 * Type-checks functions with the strictest flags and our own configuration, inside a box without network.
 * Configuration the files bring along is ignored. Throws `sandbox-failed` when the compiler cannot run.
 */
export async function checkTypes(input: TypeCheckInput): Promise<Diagnostic[]> {
  if (input.files.length === 0) return []
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'plumb-types-')))
  try {
    const roots = findTypeRoots()
    await writeProject(folder, input.files, roots)
    const compiler = nativeCompilerDirectory()
    const finished = await runInBox({
      sandbox: input.sandbox,
      command: [join(compiler, 'tsc'), '-p', 'tsconfig.json', '--pretty', 'false'],
      folders: [folder, compiler, ...roots.folders],
      cwd: folder,
      signal: input.signal,
    })
    const own = new Set(input.files.map(({ path }) => normalize(path)))
    return readCompilerOutput(finished, (path) => own.has(path))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeProject(
  folder: string,
  files: readonly SourceText[],
  roots: TypeRoots,
): Promise<void> {
  for (const { path, content } of files) {
    const target = join(folder, normalize(path))
    if (!target.startsWith(`${folder}/`) || normalize(path) === 'tsconfig.json') throw outside(path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, content)
  }
  const compilerOptions = {
    ...strictFlags,
    types: ['node'],
    typeRoots: [roots.typesFolder],
    // What an agent writes is held to the strict types, whatever name it imports the SDK by.
    paths: { ...roots.paths, nango: roots.paths['@plumb/sdk'] },
  }
  const project = { compilerOptions, files: files.map(({ path }) => normalize(path)) }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project))
}

function outside(path: string): PlumbError {
  return new PlumbError({
    code: 'submission-invalid',
    message: `The file ${JSON.stringify(path)} cannot be type-checked: its path leaves the submission.`,
    remedy: 'Hand in relative paths of TypeScript files only.',
  })
}

type Finished = { readonly exitCode: number | null; readonly output: string }

/** The complaints about files of one's own. Throws `sandbox-failed` when the compiler did not run to its end. */
export function readCompilerOutput(
  finished: Finished,
  isOwn: (path: string) => boolean,
): Diagnostic[] {
  const diagnostics = parseDiagnostics(finished.output)
  if (finished.exitCode === 0) return []
  const mine = diagnostics.filter(({ path }) => isOwn(path))
  if (mine.length > 0) return mine
  // Complaints about declarations of the SDK itself are ours to fix, not the function's.
  if (diagnostics.length > 0 && finished.exitCode !== null && finished.exitCode <= 2) return []
  throw new PlumbError({
    code: 'sandbox-failed',
    message: `The type check ended with exit code ${finished.exitCode ?? 'none'}: ${finished.output.slice(0, 2000)}`,
    remedy: 'Run "plumb doctor" to see whether boxes work on this machine.',
  })
}

const located = /^(.+?)\((\d+),(\d+)\): error (TS\d+): (.*)$/

/** Reads the compiler's plain output; indented lines continue the message above them. */
export function parseDiagnostics(output: string): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  for (const line of output.split('\n')) {
    const found = diagnosticOf(line)
    const last = diagnostics.at(-1)
    if (found) diagnostics.push(found)
    else if (last && /^\s+\S/.test(line)) {
      diagnostics[diagnostics.length - 1] = { ...last, message: `${last.message}\n${line}` }
    }
  }
  return diagnostics
}

function diagnosticOf(line: string): Diagnostic | null {
  const [, path, row, column, code, message] = located.exec(line) ?? []
  if (path === undefined || code === undefined || message === undefined) return null
  return {
    path: normalize(path),
    line: Number(row),
    column: Number(column),
    code,
    message,
    remedy: remedies[code] ?? otherRemedy,
    behaviour: 'T1',
    severity: 'reject',
  }
}

const otherRemedy =
  'Correct the types; read the response through a zod schema where its shape is uncertain.'

const remedies: Readonly<Record<string, string>> = {
  TS2304: 'This name does not exist where functions run. Import it, or use the context (ctx).',
  TS2307:
    'This module does not exist where functions run. Import only @plumb/sdk, zod, node:crypto, node:url and node:buffer.',
  TS2339:
    'The type has no such member. Check the spelling against "plumb docs show", or parse the value with zod.',
  TS2375: 'Leave an optional member out instead of setting it to undefined.',
  TS2379: 'Leave an optional member out instead of setting it to undefined.',
  TS2532: 'The value may be undefined. Check it before use.',
  TS7006: 'Give the parameter a type.',
  TS18046: 'Parse the unknown value with zod before using it.',
  TS18048: 'The value may be undefined. Check it before use.',
}
