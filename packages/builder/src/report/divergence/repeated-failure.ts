import type { Divergence } from '@plumb/protocol'
import type { AttemptStep } from '../attempt-steps.js'
import type { AttemptClues } from './attempt-clues.js'

/** Two failures of the same action with the same root and no success of it between them. */
export function repeatedFailure({ steps }: AttemptClues): Divergence | null {
  for (const [index, first] of steps.entries()) {
    if (first.state !== 'failed') continue
    const later = steps.slice(index + 1).filter(({ action }) => action === first.action)
    const end = later.findIndex((step) => step.state === 'ok' || root(step) !== root(first))
    const same = end === -1 ? later : later.slice(0, end)
    if (same.length === 0) continue
    return divergence({ first, same, after: end === -1 ? undefined : later[end] })
  }
  return null
}

type Streak = {
  readonly first: AttemptStep
  readonly same: readonly AttemptStep[]
  readonly after: AttemptStep | undefined
}

function divergence({ first, same, after }: Streak): Divergence {
  const changed = same.some(({ what }) => what !== first.what)
  return {
    kind: changed ? 'misread-error' : 'repeated-failure',
    subject: `${first.action}: ${root(first)}`,
    sequence: first.sequence,
    premise: `${first.what} failed (${first.detail || 'no reason given'})${changed ? ', and what was changed did not touch the reason.' : ', and was tried again as it was.'}`,
    consequences: same.map(({ sequence }) => sequence),
    receipts: [],
    contradiction: after
      ? {
          sequence: after.sequence,
          text: `${after.what} ${after.state === 'ok' ? 'did work' : 'failed for another reason'}`,
        }
      : null,
  }
}

/** The error with values taken out, so that two wordings of one problem are equal. */
function root({ detail }: AttemptStep): string {
  return detail
    .toLowerCase()
    .replace(/"[^"]*"|'[^']*'/g, '#')
    .replace(/[0-9a-f]{8,}|\d+/g, '#')
    .slice(0, 120)
}
