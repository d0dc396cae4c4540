import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import type { Sandbox, SandboxLimits } from '@plumb/runtime'
import type { Canary } from '../reading/canary.js'
import { agentBoxPolicy } from './agent-box-policy.js'
import { bundleProgram } from './bundle-program.js'
import { findLinkedPackages, linkPackages } from './linked-packages.js'
import { sha256 } from './protected-files.js'
import { scaffoldFiles } from './scaffold-files.js'
import type { ScaffoldFile } from './scaffold-files.js'
import type { Task } from './task.js'
import type { ProtectedFile, Workspace } from './workspace.js'

export type OpenWorkspaceOptions = Omit<Task, 'namespace'> & {
  /** Folder for workspaces; made when missing; must not lie in a git repository. */
  readonly root: string
  readonly attemptId: string
  readonly sandbox: Sandbox
  readonly limits?: Partial<SandboxLimits>
  /** Bait in the environment of the box. */
  readonly canary?: Canary
}

/** What lies read-only over the workspace inside the box; a folder's name covers what is in it. */
const readOnlyNames = ['AGENTS.md', 'interaction.json', 'api.md', '.agents']

/** The kernel's limit for the address of a socket, in bytes, with room for the name. */
const maxSocketFolder = 92

function repositoryAbove(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (dirname(at) === at) return null
  }
}

async function openHome(root: string, attemptId: string): Promise<string> {
  const repository = repositoryAbove(resolve(root))
  if (repository !== null)
    throw new PlumbError({
      code: 'workspace-invalid',
      message: `Workspaces would lie in "${resolve(root)}", inside the git repository "${repository}".`,
      remedy:
        "Choose a folder outside of any repository, such as one below the system's temporary folder.",
    })
  if (!/^[\w-]{1,80}$/.test(attemptId))
    throw new PlumbError({
      code: 'workspace-invalid',
      message: `"${attemptId}" cannot name a folder.`,
      remedy: 'Use letters, digits, "-" and "_" in attempt ids.',
    })
  await mkdir(root, { recursive: true, mode: 0o700 })
  const home = join(await realpath(root), attemptId)
  await mkdir(home, { mode: 0o700 }).catch((cause: unknown) => {
    throw new PlumbError({
      code: 'workspace-invalid',
      message: `The workspace "${home}" cannot be made: ${(cause as Error).message}`,
      remedy: 'Every attempt needs a fresh folder: remove the old one, or use another attempt id.',
      cause,
    })
  })
  return home
}

/** A prefix for test data that is the attempt's own, so that leftovers can be told apart. */
export function namespaceOf(attemptId: string): string {
  return `plumb-${sha256(attemptId).slice(0, 6)}`
}

async function writeFiles(directory: string, files: readonly ScaffoldFile[]): Promise<void> {
  for (const file of files) {
    const path = join(directory, file.path)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, file.content, { flag: 'wx', mode: file.protected ? 0o444 : 0o644 })
  }
}

async function writePrograms(programs: string, socketPath: string): Promise<void> {
  await mkdir(programs)
  const head = `#!${await realpath(process.execPath)}\n`
  const socket = `const plumbSocketPath = ${JSON.stringify(socketPath)};\n`
  const content = {
    plumb: `${head}${socket}${await bundleProgram('plumb')}`,
    'plumb-files': `${head}${await bundleProgram('file-tools')}`,
    // Without it the nearest package.json further up would say how the programs are read.
    'package.json': '{ "type": "commonjs" }\n',
  }
  for (const [name, text] of Object.entries(content)) {
    await writeFile(join(programs, name), text)
    await chmod(join(programs, name), 0o555)
  }
}

const protect = (files: readonly ScaffoldFile[]): ProtectedFile[] =>
  files
    .filter((file) => file.protected)
    .map(({ path, content }) => ({ path, sha256: sha256(content) }))

async function openSocketFolder(home: string): Promise<string> {
  return Buffer.byteLength(home) <= maxSocketFolder
    ? home
    : realpath(await mkdtemp(join(tmpdir(), 'plumb-')))
}

/**
 * Makes the sealed folder of one attempt: scaffold, `plumb` tool, box. Throws PlumbError `workspace-invalid` when the
 * root lies in a git repository or the attempt already has a folder.
 */
export async function openWorkspace(options: OpenWorkspaceOptions): Promise<Workspace> {
  const { root, attemptId, sandbox, limits, canary, ...task } = options
  const home = await openHome(root, attemptId)
  const directory = join(home, 'workspace')
  const programs = join(home, 'bin')
  const socketFolder = await openSocketFolder(home)
  const socketPath = join(socketFolder, 'box.sock')
  const namespace = namespaceOf(attemptId)
  const files = await scaffoldFiles({ ...task, namespace })
  const packages = findLinkedPackages()
  await writeFiles(directory, files)
  await linkPackages(directory, packages)
  await writePrograms(programs, socketPath)
  await writeFile(socketPath, '')
  const bait = canary === undefined ? {} : { canary }
  const boxed = { directory, programs, socketPath, packages, readOnlyNames, ...bait }
  const launcherPath = join(home, 'launcher')
  const launcher = await sandbox.writeLauncher(agentBoxPolicy(boxed, limits), launcherPath)
  const close = async () => {
    await launcher.close()
    await rm(home, { recursive: true, force: true })
    await rm(socketFolder, { recursive: true, force: true })
  }
  const guide = files.find(({ path }) => path === 'AGENTS.md')?.content ?? ''
  const protectedFiles = protect(files)
  return {
    attemptId,
    directory,
    programs,
    socketPath,
    launcherPath,
    launcher,
    guide,
    namespace,
    protectedFiles,
    packages,
    ...bait,
    close,
  }
}
