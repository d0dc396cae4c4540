// Makes the self-contained files that run inside a runner's box: the entry, the SDK, the protocol and zod, as a text for
// every Node.js, and as a snapshot of the memory after it was loaded for the Node.js that runs this.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, 'dist')
/** A snapshot serves only processes with the same heap: that of a pool that asks for no other. */
const heapMegabytes = 256
/** `runner-files.ts` looks for this name. */
const snapshotName = `runner-${process.version}-${process.arch}-${heapMegabytes}.blob`

/** Writes the files into `dist`, each whole or not at all: runners may be starting. Throws when esbuild fails. */
export async function bundle() {
  const text = await bundled('entry', { format: 'esm' })
  const entry = join(dist, 'runner-entry.mjs')
  const snapshot = join(dist, snapshotName)
  const known = await readFile(entry).catch(() => null)
  if (known?.equals(text) && existsSync(snapshot)) return
  await mkdir(dist, { recursive: true })
  if (known?.equals(text) !== true) await removeSnapshots()
  await replace(entry, (draft) => writeFile(draft, text))
  await replace(snapshot, writeSnapshot)
}

// Node's own modules are loaded when they are used: the state that some of them have belongs into no snapshot.
const lateModules = `{
  const { getBuiltinModule } = process
  require = (name) => new Proxy({}, { get: (_, member) => getBuiltinModule(name)[member] })
}`

/** Throws when Node.js refuses: the runner would start slower than anybody expects. */
async function writeSnapshot(draft) {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-snapshot-'))
  try {
    const script = join(folder, 'runner.cjs')
    await writeFile(
      script,
      await bundled('snapshot-entry', { format: 'cjs', banner: { js: lateModules } }),
    )
    const heap = `--max-old-space-size=${heapMegabytes}`
    const args = [heap, '--snapshot-blob', draft, '--build-snapshot', script]
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`The snapshot of the runner was not made: ${stderr}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function bundled(name, options) {
  const { outputFiles } = await build({
    entryPoints: [join(here, 'src/runner', `${name}.ts`)],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    conditions: ['source'],
    logLevel: 'error',
    ...options,
  })
  return Buffer.from(outputFiles[0].contents)
}

/** Those of a text that is no more. */
async function removeSnapshots() {
  const old = (await readdir(dist)).filter((name) => name.endsWith('.blob'))
  await Promise.all(old.map((name) => rm(join(dist, name), { force: true })))
}

async function replace(target, write) {
  const draft = `${target}.${process.pid}`
  await write(draft)
  await rename(draft, target)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle()
