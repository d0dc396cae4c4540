import type { BlockedCause, Finding, Provider, Receipt, Verdict } from '@plumb/protocol'
import { findDenial } from '@plumb/runtime'
import { succeeded } from '../reading/succeeded.js'
import { concernsInteraction, obviousButUncalled } from './blocked-relevance.js'
import type { BlockedClaim, VerificationInput } from './verification-input.js'

/** What an attempt ended as blocked is worth: `blocked` when receipts and a new probe bear it out, else rejected (D9). */
export async function judgeBlocked(input: VerificationInput): Promise<Verdict | null> {
  const claim = input.claim ?? lostAccess(input)
  if (!claim) return null
  if (claim.reason === 'not-possible') return notPossible(input, claim)
  const denials = denialsOf(input, claim)
  const [first, ...others] = denials
  if (!first) {
    const message = `The attempt ended as blocked (${claim.detail}), but no receipt shows a refused call.`
    return { kind: 'rejected', findings: [falseClaim(message, null)] }
  }
  if (input.claim !== undefined && !denials.some((denied) => concernsInteraction(input, denied))) {
    const { method, url } = first.request
    const message = `The attempt ended as blocked (${claim.detail}), but the refused call, ${method} ${new URL(url).pathname}, is not what the interaction asks for.`
    return { kind: 'rejected', findings: [falseClaim(message, first.id)] }
  }
  const cause = causeOf(claim, [first, ...others], input.provider)
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

/** Nobody can prove that an API lacks something; what can be asked for is that the agent has looked. */
function notPossible(input: VerificationInput, claim: BlockedClaim): Verdict {
  const { evidence } = input
  const looked = evidence.trace.some(
    (event) =>
      event.kind === 'plumb-called' && /^(docs (search|show)|request|dryrun)$/.test(event.verb),
  )
  const called = evidence.receipts.some(({ purpose }) => /^(explore|dryrun)$/.test(purpose))
  if (!looked && !called) {
    const message = `The attempt ended as not possible (${claim.detail}) without a look at the documentation or the account.`
    return { kind: 'rejected', findings: [falseClaim(message, null)] }
  }
  const obvious = obviousButUncalled(input)
  if (obvious !== null) {
    const message = `The attempt ended as not possible (${claim.detail}), but ${obvious.id} (${obvious.method} ${obvious.path}) was never called.`
    return { kind: 'rejected', findings: [falseClaim(message, null)] }
  }
  const cause: BlockedCause = {
    kind: 'not-possible',
    message: `The agent says that the API cannot do this: ${claim.detail}`,
    remedy:
      'Read the reason. Correct the interaction in the brief, or give the API description that has the operation.',
    receiptIds: claim.receiptIds,
  }
  const message =
    'No check can prove that something is not possible; a person must read the reason.'
  return { kind: 'blocked', cause, findings: [{ ...falseClaim(message, null), severity: 'warn' }] }
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

/** 401, 403, or an answer that the provider's own access rules recognise (Slack answers 200). */
function isDenial(receipt: Receipt, provider: Provider): boolean {
  const status = receipt.response?.status
  return status === 401 || status === 403 || denialIn(receipt, provider) !== null
}

function denialIn({ response }: Receipt, provider: Provider): Denial | null {
  if (!response) return null
  const { status, headers, body } = response
  const encoding = body.encoding === 'base64' ? 'base64' : 'utf8'
  return findDenial(provider, { status, headers, body: Buffer.from(body.text, encoding) })
}

type Denial = NonNullable<ReturnType<typeof findDenial>>

function causeOf(
  claim: BlockedClaim,
  [first, ...others]: readonly [Receipt, ...Receipt[]],
  provider: Provider,
): BlockedCause {
  const denial = denialIn(first, provider)
  const status = first.response?.status
  const kind = denial?.kind ?? (status === 401 ? 'access-revoked' : 'missing-scope')
  const { method, url } = first.request
  const told = denial?.reason ? ` (${denial.reason})` : ''
  return {
    kind,
    message: `${method} ${new URL(url).pathname} was answered with ${status}${told}: ${claim.detail}`,
    remedy: remedyOf(kind, denial?.scope ?? null),
    receiptIds: [first, ...others].map(({ id }) => id),
  }
}

function remedyOf(kind: BlockedCause['kind'], scope: string | null): string {
  if (kind === 'access-revoked') return 'Reconnect the account, then run the build again.'
  const what = scope === null ? 'the missing scope or role' : `the scope ${scope}`
  return `Give the connection ${what}, reconnect it, then run the build again.`
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
