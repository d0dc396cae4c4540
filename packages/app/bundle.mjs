// Makes the command of few files: to find, read and link the hundreds of modules it is made of takes longer than it runs.
// Each verb loads its part when it is called.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const packages = dirname(here)
const target = join(here, 'dist', 'plumb')
/** What is taken in beside our own code; the rest is CommonJS, native, or finds its files by where it is. */
const takenIn = /^(@plumb|zod)(\/|$)/
/** Milliseconds: a program that is still running may load a part of the command that it was started from. */
const keptFor = 24 * 60 * 60_000

/** Writes the command into `dist/plumb`, its entry last. Throws when esbuild fails. */
export async function bundle() {
  const madeFrom = await sources()
  const { outputFiles } = await build({
    entryPoints: { main: join(here, 'dist/cli/main.js') },
    outdir: target,
    absWorkingDir: packages,
    bundle: true,
    splitting: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    chunkNames: '[name]-[hash]',
    define: { 'import.meta.url': 'placeOfModule' },
    logLevel: 'error',
    plugins: [ourPackages],
  })
  await mkdir(target, { recursive: true })
  const isEntry = ({ path }) => path === join(target, 'main.js')
  for (const file of [
    ...outputFiles.filter((one) => !isEntry(one)),
    ...outputFiles.filter(isEntry),
  ])
    await replace(file.path, file.contents)
  await replace(join(target, 'made-from.json'), `${JSON.stringify(madeFrom, null, 2)}\n`)
  await removeOld(new Set(outputFiles.map(({ path }) => path)))
}

const resolving = Symbol('resolving')

/** No module is imported for what it does when it is loaded: one of which nothing is used is left out. */
const withoutEffects = async (resolved) => {
  const { path, errors } = await resolved
  return { path, errors, sideEffects: false }
}

/** Our own modules, which find what lies beside them where they were compiled to. */
const ourPackages = {
  name: 'our packages',
  setup(bundling) {
    bundling.onResolve({ filter: /^[^./]/ }, ({ path, kind, resolveDir, pluginData }) => {
      if (!takenIn.test(path)) return { path, external: true }
      if (pluginData === resolving) return undefined
      return withoutEffects(bundling.resolve(path, { kind, resolveDir, pluginData: resolving }))
    })
    // Half of zod is its messages in other languages, of which nothing is shown.
    bundling.onResolve({ filter: /\/locales\/index\.js$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, dirname(path), 'en.js'),
    }))
    bundling.onResolve({ filter: /^\./ }, ({ path, resolveDir }) =>
      resolveDir.startsWith(packages)
        ? withoutEffects({ path: join(resolveDir, path) })
        : undefined,
    )
    const fileOf = async (path, resolveDir) =>
      (
        await bundling.resolve(path, {
          kind: 'import-statement',
          resolveDir,
          pluginData: resolving,
        })
      ).path
    bundling.onLoad({ filter: /[\\/]packages[\\/]\w+[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
      const text = await importsOfFiles(path, fileOf)
      return { contents: text.includes('import.meta.url') ? `${placeOf(path)}${text}` : text }
    })
  },
}

/**
 * The text of a module that imports from the files of our packages what it takes from their indexes: a part of the
 * command would be loaded with everything that an index leads to.
 */
async function importsOfFiles(path, fileOf) {
  const text = await readFile(path, 'utf8')
  const folder = dirname(path)
  const statements = [...text.matchAll(/^import \{([^}]*)\} from '(@plumb\/[^']+)';$/gm)]
  const rewritten = statements.map(async ([statement, names, specifier]) => {
    const index = await fileOf(specifier, folder)
    const parts = listed(names).map(async ([name, local = name]) => {
      const found = await exporterOf(index, name)
      if (found === null) return `import { ${name} as ${local} } from '${specifier}';`
      return `import { ${found.name} as ${local} } from './${relative(folder, found.file)}';`
    })
    return [
      statement,
      (await Promise.all(parts)).join(' ') + '\n'.repeat(statement.split('\n').length - 1),
    ]
  })
  const made = new Map(await Promise.all(rewritten))
  return text.replace(/^import \{[^}]*\} from '@plumb\/[^']+';$/gm, (statement) =>
    made.get(statement),
  )
}

/** The file that declares what an index exports under a name, and its name there; null when it is not found. */
async function exporterOf(file, name) {
  const text = await readFile(file, 'utf8')
  const declared = new RegExp(`^export (const|let|class|(async )?function\\*?) ${name}\\b`, 'm')
  const local = [...text.matchAll(/^export \{([^}]*)\};$/gm)]
  if (declared.test(text) || local.some(([, names]) => givenAs(names, name) !== null))
    return { file, name }
  for (const [, names, from] of text.matchAll(/^export (\*|\{[^}]*\}) from '(\.[^']+)';$/gm)) {
    const given = names === '*' ? name : givenAs(names.slice(1, -1), name)
    const found = given === null ? null : await exporterOf(join(dirname(file), from), given)
    if (found !== null) return found
  }
  return null
}

function givenAs(names, wanted) {
  return listed(names).find(([name, exported = name]) => exported === wanted)?.[0] ?? null
}

/** The names of an import or export: `a, b as c,` is `[['a'], ['b', 'c']]`. */
function listed(names) {
  const parts = names.split(',').map((part) => part.trim())
  return parts.filter((part) => part !== '').map((part) => part.split(' as '))
}

/** On the first line, so that the lines of source maps hold. */
function placeOf(path) {
  const [name, , ...inside] = relative(packages, path).split(sep)
  return `const placeOfModule = new URL('./${inside.join('/')}', import.meta.resolve('@plumb/${name}')).href;`
}

/** When each thing was written that the command is made of, as `bin/plumb.js` compares it. */
async function sources() {
  const names = (await readdir(packages)).map((name) =>
    join(packages, name, 'dist', '.tsbuildinfo'),
  )
  const others = [join(here, 'bundle.mjs'), join(packages, '../node_modules/.package-lock.json')]
  const times = [...names, ...others].map(async (path) => {
    const written = await stat(path).catch(() => null)
    return written === null ? [] : [[relative(target, path), written.mtimeMs]]
  })
  return Object.fromEntries((await Promise.all(times)).flat())
}

async function replace(path, contents) {
  const draft = `${path}.${process.pid}`
  await writeFile(draft, contents)
  await rename(draft, path)
}

async function removeOld(current) {
  for (const name of await readdir(target)) {
    const path = join(target, name)
    if (current.has(path) || name === 'made-from.json') continue
    if (Date.now() - (await stat(path)).mtimeMs > keptFor) await rm(path, { force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle()
