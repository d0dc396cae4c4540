import type { Finding, Receipt } from '@plumb/protocol'
import type { ResourceCall } from '../../reading/resource-operations.js'
import type { AccountAnswer } from './account-call.js'
import { leavesOf, leafName } from './leaves.js'
import { bodyTexts } from './value-origins.js'

export type Reading = {
  readonly write: Receipt
  readonly call: ResourceCall
  readonly answer: AccountAnswer
  /** Texts that nothing in the account said before. */
  readonly fresh: ReadonlySet<string>
  readonly deletion: boolean
  /** Whether the verifier made the change itself; else somebody may have changed it since. */
  readonly own: boolean
}

export function isDeletion({ request }: Receipt): boolean {
  return request.method === 'DELETE' || /[./](delete|remove)$/i.test(new URL(request.url).pathname)
}

/** Whether the account shows what the write was answered to have done. */
export function judgeReading(reading: Reading): Finding[] {
  const { answer, call, deletion } = reading
  const gone = answer.status === 404 || answer.status === 410
  if (deletion)
    return gone || call.of === 'about' || saysDeleted(answer.body) ? [] : [stays(reading)]
  return gone ? [missing(reading)] : unchanged(reading)
}

/** Some APIs keep what is deleted, and say so. */
function saysDeleted(body: unknown): boolean {
  return leavesOf(body).some(({ path, value }) => {
    if (value === true) return /(deleted|trashed|archived|removed)$/.test(leafName(path))
    return (
      typeof value === 'string' && /^(deleted|cancell?ed|trash(ed)?|archived|removed)$/i.test(value)
    )
  })
}

function unchanged(reading: Reading): Finding[] {
  const { write, fresh, answer, call } = reading
  const sent = [...new Set(bodyTexts(write))].filter((text) => fresh.has(text))
  const shown = leavesOf(answer.body).map(({ value }) => plain(String(value)))
  const lost = sent.filter((text) => !shown.some((one) => holds(one, text)))
  if (lost.length === 0) return []
  const all = lost.length === sent.length && call.of === 'thing'
  return [
    finding(reading, {
      behaviour: 'C6',
      severity: all ? 'reject' : 'warn',
      message: `${nameOf(write)} was answered with success, but ${call.operation.id} does not show ${lost.map((text) => JSON.stringify(text.slice(0, 60))).join(' and ')}.`,
      remedy: 'Send what the API documents, and compare what it answers with what was sent.',
    }),
  ]
}

function holds(shown: string, text: string): boolean {
  if (shown.includes(plain(text))) return true
  const [one, other] = [Date.parse(shown), Date.parse(text)]
  return /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(one) && one === other
}

/** Without markup and case, which accounts change as they like. */
function plain(text: string): string {
  return text
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot);/g, (_, name: string) => entities[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }

function missing(reading: Reading): Finding {
  return finding(reading, {
    behaviour: 'G1',
    severity: 'reject',
    message: `${nameOf(reading.write)} was answered with success, but ${reading.call.operation.id} does not find it (${reading.answer.status}).`,
    remedy: 'Return a result only for what the account has kept.',
  })
}

function stays(reading: Reading): Finding {
  return finding(reading, {
    behaviour: 'G1',
    severity: 'reject',
    message: `${nameOf(reading.write)} was answered with success, but ${reading.call.operation.id} still finds it.`,
    remedy: 'Delete what the input names.',
  })
}

function nameOf({ request }: Receipt): string {
  return `${request.method} ${new URL(request.url).pathname}`
}

function finding(
  { answer, own, write }: Reading,
  told: Pick<Finding, 'behaviour' | 'severity' | 'message' | 'remedy'>,
): Finding {
  const receiptId = answer.receiptId ?? write.id
  // What an earlier run has changed may have been changed again since.
  const severity = own ? told.severity : 'warn'
  return { check: 'read-after-write', ...told, severity, pointer: { kind: 'receipt', receiptId } }
}
