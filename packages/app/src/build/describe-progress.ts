import type { BuildProgress } from '@plumb/builder'

const marks: Readonly<Record<string, string>> = {
  accepted: 'accepted ',
  rejected: 'REJECTED ',
  blocked: 'blocked  ',
  exhausted: 'EXHAUSTED',
}

/** Turns what happens in a build into lines for a person. */
export function describeProgress(say: (line: string) => void): (progress: BuildProgress) => void {
  return (progress) => {
    const line = lineOf(progress)
    if (line !== null) say(line)
  }
}

function lineOf(progress: BuildProgress): string | null {
  switch (progress.kind) {
    case 'run-started':
      return progress.decided === 0
        ? `Run ${progress.runId}: ${progress.total} interactions.`
        : `Run ${progress.runId} continues: ${progress.decided} of ${progress.total} are decided.`
    case 'attempt-started':
      return `           ${progress.key}: attempt ${progress.number} (${progress.attemptId})`
    case 'attempt-rejected':
      return `           ${progress.key}: attempt rejected: ${progress.reason}`
    case 'interaction-decided': {
      const { decided, total, outcome, key, detail } = progress
      const mark = marks[outcome] ?? outcome
      return `[${decided}/${total}] ${mark} ${key}${detail === '' ? '' : `: ${detail}`}`
    }
    case 'integration-assembled':
      return `Assembled ${progress.integration} in ${progress.path}`
  }
}
