import type { BlockedCause, Finding, Provider, Receipt, Verdict } from '@plumb/protocol'
import { succeeded } from '../toolchain/succeeded.js'
import type { BlockedClaim, VerificationInput } from './verification-input.js'

/** What an attempt ended as blocked is worth: `blocked` when receipts and a new probe bear it out, else rejected (D9). */
export async function judgeBlocked(input: VerificationInput): Promise<Verdict | null> {
  const claim = input.claim ?? lostAccess(input)
  if (!claim) return null
  if (claim.reason === 'not-possible') return notPossible(claim)
  const denials = denialsOf(input, claim)
  const [first] = denials
  if (!first) {
    const message = `The attempt ended as blocked (${claim.detail}), but no receipt shows a refused call.`
    return { kind: 'rejected', findings: [falseClaim(message, null)] }
  }
  const cause = causeOf(claim, denials)
  if (input.probeAccess && (await input.probeAccess(cause)) === 'open') {
    const message = `The attempt ended as blocked (${claim.detail}), but a new call shows that access is there.`
    return { kind: 'rejected', findings: [falseClaim(message, first.id)] }
  }
  return { kind: 'blocked', cause, findings: [] }
}

/** The gateway itself ended the attempt. */
function lostAccess({ evidence }: VerificationInput): BlockedClaim | null {
  const event = evidence.trace.find(({ kind }) => kind === 'access-lost')
  if (event?.kind !== 'access-lost') return null
  return { reason: 'access', detail: event.cause, receiptIds: event.receiptIds }
}

function notPossible(claim: BlockedClaim): Verdict {
  const cause: BlockedCause = {
    kind: 'not-possible',
    message: `The agent says that the API cannot do this: ${claim.detail}`,
    remedy:
      'Read the reason. Correct the interaction in the brief, or give the API description that has the operation.',
    receiptIds: claim.receiptIds,
  }
  return { kind: 'blocked', cause, findings: [] }
}

function denialsOf(input: VerificationInput, claim: BlockedClaim): Receipt[] {
  const denied = input.evidence.receipts.filter((receipt) => isDenial(receipt, input.provider))
  const cited = denied.filter(({ id }) => claim.receiptIds.includes(id))
  // The last call of its kind decides: a refusal that a later call overcame blocks nothing.
  const standing = (cited.length > 0 ? cited : denied).filter(
    (receipt) => !overcome(receipt, input),
  )
  return standing
}

function overcome(
  { request, sequence }: Receipt,
  { evidence, provider }: VerificationInput,
): boolean {
  return evidence.receipts.some(
    (later) =>
      later.sequence > sequence &&
      later.request.method === request.method &&
      later.request.url === request.url &&
      succeeded(later, provider),
  )
}

/** 401, 403, or a body that the provider's own access rules recognise (Slack answers 200). */
export function isDenial({ response }: Receipt, provider: Provider): boolean {
  if (!response) return false
  if (response.status === 401 || response.status === 403) return true
  return provider.proxy.access.some(
    ({ status, matches }) =>
      (status === undefined || status === response.status) &&
      matches !== undefined &&
      new RegExp(matches).test(response.body.text),
  )
}

function causeOf(claim: BlockedClaim, denials: readonly Receipt[]): BlockedCause {
  const revoked = denials.some(({ response }) => response?.status === 401)
  const [first] = denials
  const call = first ? `${first.request.method} ${new URL(first.request.url).pathname}` : 'The call'
  return {
    kind: revoked ? 'access-revoked' : 'missing-scope',
    message: `${call} was answered with ${first?.response?.status ?? 'no answer'}: ${claim.detail}`,
    remedy: revoked
      ? 'Reconnect the account, then run the build again.'
      : 'Give the connection the missing scope or role, reconnect it, then run the build again.',
    receiptIds: denials.map(({ id }) => id),
  }
}

function falseClaim(message: string, receiptId: string | null): Finding {
  return {
    check: 'blocked-claim',
    behaviour: 'D9',
    severity: 'reject',
    message,
    remedy:
      'Blocked means that the account refuses. Show the refused call with "plumb blocked --receipt <id>".',
    pointer: receiptId === null ? null : { kind: 'receipt', receiptId },
  }
}
