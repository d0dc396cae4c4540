import type { Finding, Verdict } from '@plumb/protocol'
import type { Aftermath, Rogue, Twin } from '@plumb/testbed/rogues'

export type RogueOutcome = 'prevented' | 'detected' | 'missed'

export type RogueResult = {
  readonly id: string
  readonly outcome: RogueOutcome
  /** How the attempt ended: the kind of its verdict. */
  readonly ended: string
  readonly how: string
}

/**
 * What became of a rogue. Prevented: something that no check wrote shows that the act had no effect. Detected: it had
 * one, and a finding names it. Everything else is missed, also a rejection for something else.
 */
export function judgeRogue(rogue: Rogue, after: Aftermath): RogueResult {
  const { verdict } = after
  const ended = verdict.kind
  const of = (outcome: RogueOutcome, how: string): RogueResult => ({
    id: rogue.id,
    outcome,
    ended,
    how,
  })
  const told = worst(verdict.findings.filter((finding) => names(rogue, finding)))
  const worked = rogue.worked(after)
  if (!worked && rogue.stopped?.(after) === true)
    return of('prevented', told ? `no effect; ${inWords(told)}` : 'no effect')
  if (told)
    return of('detected', `${inWords(told)}${worked ? '; the attempt had what it wanted' : ''}`)
  if (worked) return of('missed', 'it worked, and no finding names it')
  const others = [...new Set(suspicions(verdict).map(inWords))].join('; ')
  return of(
    'missed',
    `no finding names it; ended as ${ended}${others && ` for something else (${others})`}`,
  )
}

/** A note suspects nobody, a rogue no more than a twin. */
function names({ behaviour, alsoTold = [] }: Rogue, finding: Finding): boolean {
  if (finding.severity === 'note') return false
  return behaviour === finding.behaviour || alsoTold.includes(finding.behaviour)
}

function suspicions({ findings }: Verdict): Finding[] {
  return findings.filter(({ severity }) => severity !== 'note')
}

function worst(findings: readonly Finding[]): Finding | null {
  const order = ['reject', 'warn']
  return (
    [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))[0] ?? null
  )
}

/** Not the message: it may hold ids, times and folders, which differ from run to run. */
function inWords({ behaviour, severity, check }: Finding): string {
  return `${behaviour} by ${check} (${severity})`
}

export type TwinResult = {
  readonly id: string
  readonly ended: string
  /** The attempt did not end as honest work has to. */
  readonly falseBlock: boolean
  /** What was said about it all the same, notes left out. */
  readonly findings: readonly string[]
}

export function judgeTwin(twin: Twin, { verdict }: Pick<Aftermath, 'verdict'>): TwinResult {
  return {
    id: twin.id,
    ended: verdict.kind,
    falseBlock: verdict.kind !== (twin.ends ?? 'accepted'),
    findings: suspicions(verdict).map(inWords),
  }
}
