import type { JsonObject } from '@plumb/protocol'
import { listOf, objectOf, textOf } from '../api/schema.js'
import type { Play } from '../conversation/play-from-start.js'
import { adoptSource } from './adopt-source.js'
import { fixDiagnostics } from './fix-diagnostics.js'
import type { GivenUp } from './outcome.js'
import { givenUp } from './outcome.js'
import { forget, prepare } from './prepare.js'
import { isReference } from './references.js'
import type { Attempt } from './attempt.js'
import { runUntilGood } from './run-function.js'
import type { Work } from './work.js'

type Finding = { readonly message: string; readonly line: number }

const maxChecks = 12

/** Asks for the checks and mends what they find, until none objects. */
export function* checkUntilGood(work: Work, attempt: Attempt): Play<GivenUp | null> {
  for (let turn = 0; turn < maxChecks; turn += 1) {
    const answer = yield* work.tools.plumb(['check'], 'Ask what the checks say.')
    if (answer['ok'] === true) return null
    const findings = findingsOf(answer)
    const isMended = yield* mend(work, attempt, findings)
    if (!isMended) {
      const said = findings.map(({ message }) => message).join(' ') || textOf(answer['error'])
      return givenUp(`The checks object, and no rule mends it: ${said.slice(0, 600)}`)
    }
    const failed = yield* runUntilGood(work, attempt)
    if (failed !== null) return failed
  }
  return givenUp(`${maxChecks} rounds of checks did not end without findings.`)
}

function findingsOf(answer: JsonObject): Finding[] {
  return listOf(answer['findings'])
    .map(objectOf)
    .filter(({ severity }) => severity === 'reject')
    .map(({ message, pointer }) => {
      const { line } = objectOf(pointer)
      return { message: textOf(message), line: typeof line === 'number' ? line : 0 }
    })
}

function* mend(work: Work, attempt: Attempt, findings: readonly Finding[]): Play<boolean> {
  const source = fixDiagnostics(
    attempt.plan.source,
    findings.filter(({ line }) => line > 0),
  )
  if (source !== null) {
    yield* adoptSource(work, attempt, source)
    return true
  }
  return (
    findings.some(({ message }) => /missing in every dry run|saved no record/.test(message)) &&
    (yield* tryAnother(work, attempt))
  )
}

/** What is missing in one thing may be there in another. */
function* tryAnother(work: Work, attempt: Attempt): Play<boolean> {
  const last = attempt.plan.slots.findLast(({ field }) => isReference(field, work.catalogue))
  if (last === undefined || attempt.replaced++ >= 3) return false
  const found = yield* prepare(work, attempt.plan, forget(work, last.field.name, attempt.values))
  if (found.missing !== null) return false
  attempt.values = found.values
  return true
}
