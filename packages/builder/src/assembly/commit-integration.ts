import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

export type CommitInput = {
  /** Folder of the integration. */
  readonly directory: string
  /** Relative to it. */
  readonly files: readonly string[]
  readonly branch: string
  readonly message: string
}

export type Commit = { readonly branch: string; readonly id: string }

/**
 * Commits the files on a branch of their own, on top of it or of HEAD. Index, files and current branch of the person
 * stay as they are. Null when the folder is in no git repository, or in one that ignores it.
 */
export async function commitIntegration(input: CommitInput): Promise<Commit | null> {
  const found = await answer(git(input.directory), ['rev-parse', '--show-toplevel'])
  if (found === null) return null
  const paths = await pathsBelow(input, found)
  const ignored = await answer(git(found), ['check-ignore', '-q', '--', paths[0] ?? '.'])
  if (ignored !== null) return null
  const scratch = await mkdtemp(join(tmpdir(), 'plumb-index-'))
  try {
    return await commitPaths(git(found, join(scratch, 'index')), paths, input)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

type Git = (args: readonly string[]) => Promise<string>

async function commitPaths(
  run: Git,
  paths: readonly string[],
  { branch, message }: CommitInput,
): Promise<Commit> {
  const reference = `refs/heads/${branch}`
  const parent =
    (await answer(run, ['rev-parse', '-q', '--verify', reference])) ??
    (await answer(run, ['rev-parse', '-q', '--verify', 'HEAD']))
  if (parent !== null) await run(['read-tree', parent])
  await run(['update-index', '--add', '--', ...paths])
  const tree = await run(['write-tree'])
  const parents = parent === null ? [] : ['-p', parent]
  const id = await run([...(await author(run)), 'commit-tree', tree, ...parents, '-m', message])
  await run(['update-ref', reference, id])
  return { branch, id }
}

/** The person's name where git knows it. */
async function author(run: Git): Promise<string[]> {
  const known = await answer(run, ['var', 'GIT_COMMITTER_IDENT'])
  return known === null ? ['-c', 'user.name=Plumb', '-c', 'user.email=plumb@localhost'] : []
}

/** With slashes, relative to the root, through links in the folder's path. */
async function pathsBelow({ directory, files }: CommitInput, root: string): Promise<string[]> {
  const prefix = await git(directory)(['rev-parse', '--show-prefix'])
  const folder = prefix === '' ? '' : relative(root, join(root, prefix))
  return files.map((file) => join(folder, file).split(sep).join('/'))
}

/** `env` sets the one variable, so that this program need not copy its own environment. */
function git(directory: string, index?: string): Git {
  const variables = index === undefined ? [] : [`GIT_INDEX_FILE=${index}`]
  return async (args) => {
    const { stdout } = await execute('env', [...variables, 'git', '-C', directory, ...args])
    return stdout.trim()
  }
}

/** Null when git says no. */
async function answer(run: Git, args: readonly string[]): Promise<string | null> {
  return run(args).catch(() => null)
}
