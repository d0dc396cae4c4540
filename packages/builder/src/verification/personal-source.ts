import type { Finding } from '@plumb/protocol'
import { answerOf } from '../reading/answer-of.js'
import { leavesOf } from './oracles/leaves.js'
import { submittedPath } from './submission-integrity.js'
import type { Check, CheckInput } from './verification-input.js'

/** Does the text of the function hold what the account says about a person? */
export const personalSource: Check = {
  name: 'personal-data',
  run: (input) => {
    const lines = input.source.split('\n').map(spelledOut)
    const known = spelledOut(JSON.stringify([input.interaction, input.provider.displayName]))
    const told = [...personalTexts(input)].filter((text) => !known.includes(text))
    return told.flatMap((text) => {
      const at = lines.findIndex((line) => holds(line, text))
      return at === -1 ? [] : [finding(at + 1)]
    })
  },
}

const personalName =
  /(^|_)(e?mail|phone|mobile|fax|(first|last|full|given|family|sur|display|real|nick|user)_?name|birth(day|date|_date)?|street|address(_?line)?\d?|iban|ssn|passport)s?$/
const address = /[\w.+-]+@[\w-]+(\.[\w-]+)+/g
const shortest = 6

/** Texts of answers that are about somebody: under a name that says so, or with the form of an address. */
function personalTexts({ evidence }: CheckInput): ReadonlySet<string> {
  const found = new Set<string>()
  for (const receipt of evidence.receipts) {
    for (const { path, value } of leavesOf(answerOf(receipt))) {
      if (typeof value !== 'string') continue
      for (const [mail] of value.matchAll(address)) found.add(mail.toLowerCase())
      if (
        isPersonal(String(path.filter((step) => typeof step === 'string').at(-1) ?? '')) &&
        isParticular(value)
      )
        found.add(spelledOut(value))
    }
  }
  return found
}

function isPersonal(name: string): boolean {
  return personalName.test(name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase())
}

/** Words of a language and short names stand in every source. */
function isParticular(value: string): boolean {
  return value.length >= shortest && (/\d{4}/.test(value) || /\p{L}[\s,]+\p{L}/u.test(value))
}

/** Addresses are often written so that no machine reads them. */
function spelledOut(text: string): string {
  return text
    .toLowerCase()
    .replace(/\s*[[({]\s*(at|dot)\s*[\])}]\s*/g, (_, word: string) => (word === 'at' ? '@' : '.'))
}

function holds(line: string, text: string): boolean {
  const at = line.indexOf(text)
  if (at === -1) return false
  return !/[\p{L}\d]/u.test(`${line[at - 1] ?? ''}${line[at + text.length] ?? ''}`)
}

/** Without the text itself: a finding is stored and shown. */
function finding(line: number): Finding {
  return {
    check: personalSource.name,
    behaviour: 'H8',
    severity: 'reject',
    message: `Line ${line} holds what the account says about a person.`,
    remedy: 'Leave it out, or write made-up data such as someone@example.com.',
    pointer: { kind: 'code', path: submittedPath, line, column: 1 },
  }
}
