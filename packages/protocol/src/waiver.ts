import type { BehaviourId } from './finding.js'

/** Why a finding may stand without rejecting; anything else is no reason. */
export const waiverReasons = {
  'documented-behaviour': 'The documentation of the API asks for exactly this.',
  'provider-defect': 'The API itself misbehaves, and there is no other way to use it.',
  'account-limit': 'The test account cannot show it; a real account does.',
  'asked-for': 'The person who asked for the interaction wants exactly this.',
  'harmless-here': 'What the finding warns of cannot do harm in this interaction.',
  'check-mistaken': 'The check is wrong about this function.',
} as const

export type WaiverReason = keyof typeof waiverReasons

/** What a waiver rests on. */
export type WaiverEvidence =
  | { readonly kind: 'receipt'; readonly receiptId: string }
  | { readonly kind: 'docs'; readonly url: string }
  | { readonly kind: 'operation'; readonly operationId: string }

/** A person's decision that one finding of one attempt does not reject. Written once, never changed. */
export type Waiver = {
  readonly findingId: string
  readonly attemptId: string
  readonly behaviour: BehaviourId
  readonly reason: WaiverReason
  readonly evidence: WaiverEvidence
  /** Name of the person who decided. */
  readonly by: string
  /** ISO 8601. */
  readonly at: string
}

/** Findings about an error that became a success: nobody waives them without a name. */
export function needsPerson(behaviour: BehaviourId): boolean {
  return /^D[1-4]$/.test(behaviour)
}
