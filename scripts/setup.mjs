// Makes a fresh clone runnable: dependencies, build, and the system packages the boxes need.
// Plain JavaScript with Node built-ins only: it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const oldestNode = [20, 19]

/**
 * Sets up what is missing and nothing else; safe to repeat.
 * `say` receives one line per step that is really done.
 */
export async function setup(say = tell) {
  checkNode()
  installDependencies(say)
  await buildWhenStale(say)
  installSystemPackages(say)
}

const tell = (line) => process.stderr.write(`${line}\n`)

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  fail(
    `Node.js is ${process.versions.node}. Plumb needs ${oldestNode.join('.')} or newer.`,
    'Install Node.js 22 or 24, then run the command again.',
  )
}

function installDependencies(say) {
  const stamp = join(root, 'node_modules', '.plumb-lock')
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  say('Installing dependencies (npm ci) ...')
  run(
    npm('ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'),
    'npm ci failed; its output is above.',
  )
  writeFileSync(stamp, lock)
}

/** The command that runs npm with these arguments. */
export function npm(...args) {
  const cli = process.env.npm_execpath
  if (cli !== undefined && /npm-cli\.(c|m)?js$/.test(cli)) return [process.execPath, cli, ...args]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', ...args]
}

/** The variables that give npm, which keeps what it loads there, a home directory, where there is none to write in. */
export function homeToWrite() {
  try {
    const home = homedir()
    const cache = join(home, '.npm')
    accessSync(existsSync(cache) ? cache : home, constants.W_OK)
    return {}
  } catch {
    const home = join(root, '.plumb', 'home')
    mkdirSync(home, { recursive: true })
    return { HOME: home }
  }
}

async function buildWhenStale(say) {
  const stamp = join(root, 'node_modules', '.plumb-build')
  const newest = newestSource()
  if (existsSync(stamp) && statSync(stamp).mtimeMs > newest && allBuilt()) return
  say('Building ...')
  run(
    [process.execPath, join(root, 'scripts', 'build.mjs')],
    'The build failed; the compiler output is above.',
  )
  writeFileSync(stamp, '')
}

function allBuilt() {
  return packages().every((name) => existsSync(join(root, 'packages', name, 'dist', 'index.js')))
}

function packages() {
  return readdirSync(join(root, 'packages')).filter((name) =>
    existsSync(join(root, 'packages', name, 'tsconfig.json')),
  )
}

function newestSource() {
  let newest = statSync(join(root, 'tsconfig.base.json')).mtimeMs
  for (const name of packages()) {
    const folder = join(root, 'packages', name)
    const files = ['package.json', 'tsconfig.json', 'bundle.mjs'].map((file) => join(folder, file))
    for (const entry of readdirSync(join(folder, 'src'), { recursive: true, withFileTypes: true }))
      if (entry.isFile()) files.push(join(entry.parentPath ?? entry.path, entry.name))
    for (const file of files)
      if (existsSync(file)) newest = Math.max(newest, statSync(file).mtimeMs)
  }
  return newest
}

/** Root on Debian (a container, CI) gets bubblewrap without being asked; `plumb doctor` names it elsewhere. */
function installSystemPackages(say) {
  if (process.platform !== 'linux' || onPath('bwrap')) return
  if (process.getuid?.() !== 0 || !onPath('apt-get')) return
  say('Installing bubblewrap, which the boxes of agents and functions use ...')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => spawnSync('apt-get', args, { env, stdio: 'ignore' }).status === 0
  const install = () => apt('install', '-y', '--no-install-recommends', 'bubblewrap')
  if (install() || (apt('update') && install())) return
  say('bubblewrap could not be installed; `plumb doctor` says what the boxes use instead.')
}

function onPath(name) {
  return (process.env.PATH ?? '')
    .split(':')
    .some((folder) => folder !== '' && existsSync(join(folder, name)))
}

function run([command, ...args], message) {
  const env = { ...process.env, ...homeToWrite() }
  const result = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 2, 2] })
  if (result.status === 0) return
  fail(
    message,
    result.error ? String(result.error.message) : 'Mend what it names and run it again.',
  )
}

function fail(message, remedy) {
  process.stderr.write(`${message}\n${remedy}\n`)
  process.exit(1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  checkNode()
  if (process.argv[2] === '--dependencies') {
    installDependencies(tell)
  } else {
    await setup()
    tell('Plumb is set up.')
  }
}
