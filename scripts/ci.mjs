// Runs the tests and every check of AGENTS.md; prints what failed and one closing line with the counts.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, setup } from './setup.mjs'

const checks = ['format', 'lint', 'architecture', 'dead-code', 'duplicates']

await setup()
const scratch = mkdtempSync(join(tmpdir(), 'plumb-ci-'))
const report = join(scratch, 'tests.json')
const tests = npm(
  'test',
  '--',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
)
const counts = readCounts(report)
// The build that `setup` ran is the type check: a type error ends it.
const results = [{ name: 'types', ok: true }, ...checks.map(runCheck)]
rmSync(scratch, { recursive: true, force: true })

const failedChecks = results.filter((result) => !result.ok)
for (const { name } of failedChecks) console.log(`FAILED  npm run check:${name}`)
if (!tests) console.log('FAILED  npm test')
const passed = counts.passed + results.length - failedChecks.length
const failed = Math.max(counts.failed, tests ? 0 : 1) + failedChecks.length
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

function runCheck(name) {
  const started = Date.now()
  const ok = npm('run', `check:${name}`)
  console.log(
    `${ok ? 'ok     ' : 'FAILED '} check:${name} (${Math.round((Date.now() - started) / 1000)} s)`,
  )
  return { name, ok }
}

function npm(...args) {
  return spawnSync('npm', args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
}

function readCounts(file) {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(
      readFileSync(file, 'utf8'),
    )
    return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites) }
  } catch {
    return { passed: 0, failed: 0 }
  }
}
