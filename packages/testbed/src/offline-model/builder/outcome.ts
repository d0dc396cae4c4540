import type { Operation } from '../api/operation.js'
import type { Call } from './dry-run.js'

/** How far building on one operation came. */
export type Outcome =
  | {
      readonly kind: 'working'
      readonly operations: readonly string[]
      readonly calls: readonly Call[]
    }
  | GivenUp

export type GivenUp = {
  readonly kind: 'given-up'
  readonly reason: 'access' | 'not-possible'
  /** What was tried and what came back. */
  readonly detail: string
  readonly receipts: readonly string[]
}

export const givenUp = (
  detail: string,
  receipts: readonly string[] = [],
  reason: GivenUp['reason'] = 'not-possible',
): GivenUp => ({
  kind: 'given-up',
  reason,
  detail,
  receipts,
})

export const nameOfOperation = ({ id, method, path }: Operation): string =>
  `${id} (${method} ${path})`
