import type { Execution, Finding } from '@plumb/protocol'
import { constantMembers } from '@plumb/toolchain'
import type { ConstantMember } from '@plumb/toolchain'
import { answerOf } from '../reading/answer-of.js'
import { decoded } from '../reading/decoded.js'
import { objectsIn } from '../reading/objects-in.js'
import type { PlainObject } from '../reading/objects-in.js'
import { dryRunCalls } from './dry-run-calls.js'
import { submittedPath } from './submission-integrity.js'
import type { Check } from './verification-input.js'

/** Is a member of the output written out in the source, although the answer says what it is? */
export const overruledAnswers: Check = {
  name: 'overruled-answers',
  run: (input) => {
    const written = constantMembers(input.source)
    if (written.length === 0) return []
    const answered = dryRunCalls(input).flatMap(({ receipt }) => objectsIn(answerOf(receipt)))
    const returned = input.dryRuns.flatMap(resultsOf).flatMap((value) => objectsIn(value))
    const sent = dryRunCalls(input).map(({ receipt: { request } }) => request)
    const asked = JSON.stringify(sent.map(({ url, body }) => [decoded(url), body?.text]))
    return written.flatMap((member) => {
      const said = saidInstead(member, { answered, returned })
      // What was asked for is what all answers have: a list of open issues has open issues.
      const severity = said === member.value ? 'warn' : severityOf(member)
      if (said === undefined || (said === member.value && asked.includes(String(said)))) return []
      return kinds.test(member.name) ? [] : [finding(member, severity)]
    })
  },
}

function resultsOf({ outcome, records }: Execution): unknown[] {
  return [outcome.kind === 'returned' ? outcome.output : null, records]
}

type Objects = {
  readonly answered: readonly PlainObject[]
  readonly returned: readonly PlainObject[]
}

/** Names by which an author tells kinds of things apart. */
const kinds = /^(type|kind|object|resource|__typename)$/i

function severityOf({ value }: ConstantMember): Finding['severity'] {
  return value === null || value === '' ? 'reject' : 'warn'
}

/**
 * What the answer holds under the name of a member that is written out: an object that came out is one that was
 * answered, but for this member, and it is so every time. Undefined when there is no such answer.
 */
function saidInstead(
  { name, value }: ConstantMember,
  { answered, returned }: Objects,
): string | number | undefined {
  const own = returned.filter((one) => name in one)
  if (own.length === 0 || !own.every((one) => one[name] === value)) return undefined
  const said = own.flatMap((one) => {
    const origin = answered.find((other) => isSame(one, other, name))
    const found = origin?.[name]
    return isContent(found) ? [found] : []
  })
  return said.find((one) => one !== value) ?? said[0]
}

/** Alike in what tells things apart: at least one member with content, and no two that differ under one name. */
function isSame(one: PlainObject, other: PlainObject, but: string): boolean {
  const names = Object.keys(one).filter((name) => name !== but && name in other)
  const telling = names.filter((name) => isContent(one[name]))
  return (
    telling.some((name) => String(one[name]) === String(other[name])) &&
    telling.every((name) => String(one[name]) === String(other[name]))
  )
}

function isContent(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}

function finding(
  { name, text, line, column }: ConstantMember,
  severity: Finding['severity'],
): Finding {
  return {
    check: overruledAnswers.name,
    behaviour: 'A9',
    severity,
    message: `The output's "${name}" is written as ${text}, though the answer says what it is.`,
    remedy: 'Take the value from the answer, or leave the member out of the output.',
    pointer: { kind: 'code', path: submittedPath, line, column },
  }
}
