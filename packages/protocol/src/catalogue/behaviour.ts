import type { BehaviourId } from '../finding.js'

/** Where a behaviour is met: integrity, syntax, dynamic oracles, trace rules, a model that judges, a person. */
export type DefenceLayer = 'D0' | 'D1' | 'D2' | 'D3' | 'D4' | 'D5'

/** What is done about a behaviour; one may be made impossible and its attempt be found as well. */
export type Defence =
  | { readonly kind: 'prevented'; readonly by: string }
  /** Names of checks; a rule of the lint is `lint/<rule>`. */
  | { readonly kind: 'detected'; readonly by: readonly string[] }
  | { readonly kind: 'open'; readonly reason: string }

/** One way in which an agent may fool whoever asked it for a function. */
export type Behaviour = {
  readonly id: BehaviourId
  /** What the agent does. */
  readonly title: string
  readonly layers: readonly DefenceLayer[]
  readonly appliesTo: readonly ('action' | 'sync')[]
  readonly defences: readonly Defence[]
}

type Group = {
  readonly letter: string
  readonly title: string
  readonly rows: readonly Behaviour[]
}

export type { Group as BehaviourGroup }

/** Made impossible; `by` says what stands in the way. */
export function prevented(by: string): Defence {
  return { kind: 'prevented', by }
}

/** Found by these checks. */
export function detected(...by: string[]): Defence {
  return { kind: 'detected', by }
}

/** Not closed, and why. */
export function open(reason: string): Defence {
  return { kind: 'open', reason }
}

/** A row for actions and syncs. `layers` reads like `D0 D3`. */
export function behaviour(
  id: BehaviourId,
  title: string,
  ...[layers, ...defences]: readonly [layers: string, ...defences: Defence[]]
): Behaviour {
  const named = layers.split(' ') as DefenceLayer[]
  return { id, title, layers: named, appliesTo: ['action', 'sync'], defences }
}

/** The same for one kind of function only. */
export function only(kind: 'action' | 'sync', row: Behaviour): Behaviour {
  return { ...row, appliesTo: [kind] }
}
