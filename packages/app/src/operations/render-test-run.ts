import type { TestFailure, TestRun } from '@plumb/toolchain/testing'

const shown = 20
const linesEach = 30

/** What a run of tests came to: the first failures in full, the others counted by reason. */
export function renderTestRun(run: TestRun): string {
  const { failures, untested, warnings, linked } = run
  return [
    ...failures.slice(0, shown).map(renderFailure),
    ...(failures.length > shown ? [moreOf(run)] : []),
    ...listOf(
      'left something behind for the next file',
      warnings.map(({ file, message }) => `${file}: ${message}`),
    ),
    ...listOf('without a fixture', untested),
    ...listOf(
      'linked, and so run once',
      linked.map(({ folder, target }) => `${folder} -> ${target}`),
    ),
    summaryOf(run),
  ].join('\n\n')
}

function renderFailure({ file, test, reason, message }: TestFailure): string {
  const lines = message.split('\n')
  const cut = lines.length > linesEach ? [`... ${lines.length - linesEach} more lines`] : []
  const indented = [...lines.slice(0, linesEach), ...cut].map((line) => `    ${line}`)
  return [`FAIL ${file}${test === '' ? '' : ` > ${test}`} (${reason})`, ...indented].join('\n')
}

function moreOf({ failures, reasons }: TestRun): string {
  const counts = Object.entries(reasons).map(([reason, count]) => `${reason} ${count}`)
  return `${failures.length - shown} more failures. All by reason: ${counts.join(', ')}.`
}

function listOf(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return []
  const more = names.length > 10 ? [`  and ${names.length - 10} more`] : []
  return [
    [`${names.length} ${what}:`, ...names.slice(0, 10).map((name) => `  ${name}`), ...more].join(
      '\n',
    ),
  ]
}

function summaryOf(run: TestRun): string {
  const { tests, passed, failed, skipped, files, seconds, cpuSeconds, peakMemoryBytes } = run
  const counts = [
    `${passed} of ${tests} tests pass`,
    ...(failed > 0 ? [`${failed} fail`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ]
  const cost = `${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU, ${Math.round(peakMemoryBytes / 2 ** 20)} MiB`
  return `${counts.join(', ')} in ${files} ${files === 1 ? 'file' : 'files'} (${cost}).`
}
