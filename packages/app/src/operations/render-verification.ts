import type { FunctionVerification, ProjectVerification } from '@plumb/builder'

/** What the oracles found: every function that is not plainly right, then what nobody could ask. */
export function renderVerification(run: ProjectVerification): string {
  const told = run.functions.filter((one) => findingsOf(one).length > 0).map(renderFunction)
  return [...told, ...renderReasons(run), summaryOf(run)].join('\n\n')
}

function findingsOf({ results }: FunctionVerification) {
  return results.flatMap((result) => (result.ran ? result.findings : []))
}

function renderFunction(one: FunctionVerification): string {
  const lines = findingsOf(one).flatMap(({ severity, behaviour, check, message, remedy }) => [
    `  ${severity} ${behaviour} (${check}) ${message}`,
    ...(remedy === null || severity === 'note' ? [] : [`    ${remedy}`]),
  ])
  return [`${one.verdict.toUpperCase()} ${one.function}`, ...lines].join('\n')
}

/** Each reason once, with how many functions it holds for. */
function renderReasons({ functions }: ProjectVerification): string[] {
  const counts = new Map<string, number>()
  for (const { results, notAsked } of functions) {
    const failed = results.flatMap((result) =>
      result.ran ? [] : [{ oracle: result.oracle, why: result.why }],
    )
    for (const { oracle, why } of [...notAsked, ...failed]) {
      const key = `${oracle}: ${why.split('\n')[0] ?? why}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  if (counts.size === 0) return []
  const lines = [...counts].sort(([, a], [, b]) => b - a).slice(0, 20)
  return [
    ['Not run:', ...lines.map(([what, count]) => `  ${what} (${functionCount(count)})`)].join('\n'),
  ]
}

function functionCount(count: number): string {
  return `${count} ${count === 1 ? 'function' : 'functions'}`
}

function summaryOf({ functions, accepted, rejected, unproven }: ProjectVerification): string {
  const results = functions.flatMap((one) => one.results)
  const cpuMs = results.reduce((sum, one) => sum + (one.ran ? one.measurements.cpuMs : 0), 0)
  const counts = `${accepted} of ${functionCount(functions.length)} accepted, ${rejected} rejected, ${unproven} unproven`
  return `${counts} (${(cpuMs / 1000).toFixed(1)} s of CPU in the box).`
}
