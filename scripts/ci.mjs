// Runs the tests and every check of AGENTS.md, says what failed, and ends with one line of counts, whatever happens.
import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { homeToWrite, npm, root } from './setup.mjs'

const checks = ['lint', 'format', 'architecture', 'dead-code', 'duplicates']
/** After so many minutes a step is ended; none needs half of them. */
const patience = { install: 10, build: 10, tests: 40, check: 10 }

const scratch = mkdtempSync(join(tmpdir(), 'plumb-ci-'))
const results = join(scratch, 'results')
const script = (name, ...args) => [process.execPath, join(root, 'scripts', name), ...args]
const running = new Map()
const failures = []
let passed = 0

process.on('exit', close)
process.on('uncaughtException', (error) => {
  console.error(error)
  process.exit(1)
})
for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }))
  process.on(signal, () => {
    for (const name of running.values()) failures.push(`${name} (ended by ${signal})`)
    process.exit(code)
  })
// When nobody reads on, what is under way is ended as well.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit(1))

if (await step('npm ci', script('setup.mjs', '--dependencies'), patience.install))
  await Promise.all([buildAndTest(), runChecks()])
process.exit(failures.length === 0 ? 0 : 1)

async function buildAndTest() {
  // The build is the type check: a type error ends it.
  if (!(await check('types', script('setup.mjs'), patience.build))) return
  const reporters = ['--reporter=default', '--reporter=./scripts/ci-reporter.mjs']
  await step('npm test', script('test.mjs', ...reporters), patience.tests)
}

/** One after the other: the build and the tests have the other cores. */
async function runChecks() {
  for (const name of checks)
    await check(name, npm('run', '--silent', `check:${name}`), patience.check, join(scratch, name))
}

async function check(name, command, minutes, file) {
  const begun = performance.now()
  const ok = await step(`npm run check:${name}`, command, minutes, file)
  if (ok) passed += 1
  if (file !== undefined) process.stdout.write(readFileSync(file))
  const seconds = Math.round((performance.now() - begun) / 1000)
  console.log(`${ok ? 'ok     ' : 'FAILED '} check:${name} (${seconds} s)`)
  return ok
}

/** Whether a program ends well in its time. What it starts ends with it. Its output goes to ours, or into a file. */
async function step(name, [program, ...args], minutes, file) {
  const output = file === undefined ? 'inherit' : openSync(file, 'w')
  const child = spawn(program, args, {
    ...{ cwd: root, detached: true, stdio: ['ignore', output, output] },
    env: { ...process.env, ...homeToWrite(), PLUMB_CI_RESULTS: results },
  })
  if (file !== undefined) closeSync(output)
  running.set(child, name)
  let why = null
  const timer = setTimeout(() => {
    why = `did not end in ${minutes} minutes`
    endGroup(child)
  }, minutes * 60_000)
  const [code, signal] = await new Promise((resolve) => {
    child.once('error', (error) => resolve([error.message, null]))
    child.once('exit', (...end) => resolve(end))
  })
  clearTimeout(timer)
  endGroup(child)
  running.delete(child)
  if (code !== 0) failures.push(`${name} (${why ?? signal ?? `exit code ${code}`})`)
  return code === 0
}

function endGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

function close(code) {
  for (const child of running.keys()) endGroup(child)
  const tests = readTests()
  rmSync(scratch, { recursive: true, force: true })
  const failed = [...tests.failed, ...failures]
  if (code !== 0 && failed.length === 0) failed.push('.ci/run itself')
  for (const one of failed) console.log(`FAILED  ${one}`)
  // That the tests failed is counted with each of them.
  const twice = failures.some((one) => one.startsWith('npm test')) && tests.failed.length > 0
  console.log(`${tests.passed + passed} passed, ${failed.length - (twice ? 1 : 0)} failed`)
}

/** What the reporter wrote, also of tests that crashed as a whole. */
function readTests() {
  const of = { began: [], ended: [], passed: [], failed: [] }
  for (const [what, name] of lines()) of[what].push(name)
  const cut = of.began.filter((file) => !of.ended.includes(file))
  return {
    passed: of.passed.length,
    failed: [...of.failed, ...cut.map((file) => `${file} (did not end)`)],
  }
}

function lines() {
  try {
    return readFileSync(results, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  } catch {
    return []
  }
}
