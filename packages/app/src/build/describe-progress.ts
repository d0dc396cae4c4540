import type { BuildProgress } from '@plumb/builder'

const marks: Readonly<Record<string, string>> = {
  accepted: 'accepted ',
  rejected: 'REJECTED ',
  blocked: 'blocked  ',
  exhausted: 'EXHAUSTED',
}

/** Longest reason that is told live; `plumb trace` has the whole. */
const longestReason = 400

type Attempt = { readonly id: string; readonly number: number; readonly at: number }

export type Say = (line: string) => void

/**
 * Turns what happens in a build into lines for a person: one for each decided interaction, and one for each rejected
 * attempt with its reason. `now` gives milliseconds.
 */
export function describeProgress(say: Say, now = Date.now): (progress: BuildProgress) => void {
  const described = new DescribedBuild(now)
  return (progress) => {
    const line = described.lineOf(progress)
    if (line !== null) say(line)
  }
}

class DescribedBuild {
  readonly #now: () => number
  readonly #attempts = new Map<string, Attempt>()
  readonly #firstAt = new Map<string, number>()
  readonly #told = new Set<string>()

  constructor(now: () => number) {
    this.#now = now
  }

  lineOf(progress: BuildProgress): string | null {
    switch (progress.kind) {
      case 'run-started':
        return runText(progress)
      case 'attempt-started':
        return this.#started(progress)
      case 'attempt-rejected':
        return this.#rejected(progress)
      case 'interaction-decided':
        return this.#decided(progress)
      case 'integration-assembled':
        return `Assembled ${progress.integration} in ${progress.path}`
    }
  }

  #started({ key, number, attemptId: id }: Extract<BuildProgress, { kind: 'attempt-started' }>) {
    const at = this.#now()
    this.#attempts.set(key, { id, number, at })
    if (!this.#firstAt.has(key)) this.#firstAt.set(key, at)
    return null
  }

  #rejected({ key, reason }: Extract<BuildProgress, { kind: 'attempt-rejected' }>): string {
    const { id, number, at } = this.#attemptOf(key)
    const time = duration(this.#now() - at)
    return `        ${key}: attempt ${number} rejected after ${time} (${id}): ${shortened(reason)}`
  }

  #decided(progress: Extract<BuildProgress, { kind: 'interaction-decided' }>): string {
    const { decided, total, outcome, key, detail } = progress
    const { id, number } = this.#attemptOf(key)
    const count = `[${String(decided).padStart(String(total).length)}/${total}]`
    const tries = number > 1 ? `, attempt ${number}` : ''
    const time = duration(this.#now() - (this.#firstAt.get(key) ?? this.#now()))
    const reason = detail === '' ? '' : `: ${this.#onceOnly(shortened(detail))}`
    return `${count} ${marks[outcome] ?? outcome} ${key}  ${time}${tries} (${id})${reason}`
  }

  /** A closed account blocks many interactions with the same words. */
  #onceOnly(reason: string): string {
    if (this.#told.has(reason)) return 'for the same reason.'
    this.#told.add(reason)
    return reason
  }

  #attemptOf(key: string): Attempt {
    return this.#attempts.get(key) ?? { id: 'unknown', number: 1, at: this.#now() }
  }
}

function runText(run: Extract<BuildProgress, { kind: 'run-started' }>): string {
  const { runId, total, decided } = run
  if (decided > 0) return `Run ${runId} continues: ${decided} of ${total} are decided.`
  const noun = total === 1 ? 'interaction' : 'interactions'
  return `Run ${runId}: ${total} ${noun}. Each gets a line when it is decided; \`plumb trace\` shows an attempt.`
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > longestReason ? `${line.slice(0, longestReason - 1)}…` : line
}

/** `8 s`, `3 min 5 s`. */
function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
