import { createHash } from 'node:crypto'

export type Grant = { readonly scopes: readonly string[]; readonly expiresAt: number }

export type TokenLedgerOptions = {
  readonly seed: string
  readonly clock: () => Date
  readonly scopes: readonly string[]
  /** Lifetime of an access token in seconds. */
  readonly lifetimeSeconds: number
}

/** The tokens that an account issued and still honours. */
export type TokenLedger = {
  readonly access: Map<string, Grant>
  readonly refresh: Set<string>
  issueAccess(): string
  issueRefresh(): string
  clear(): void
}

/** An empty ledger; the tokens it issues follow from the seed. */
export function createTokenLedger(options: TokenLedgerOptions): TokenLedger {
  const { seed, clock, scopes, lifetimeSeconds } = options
  const access = new Map<string, Grant>()
  const refresh = new Set<string>()
  let issued = 0
  const secretFor = (kind: string): string => {
    issued += 1
    const digest = createHash('sha256').update(`${seed} ${kind} ${issued}`).digest('base64url')
    return `${kind}-${digest.slice(0, 32)}`
  }
  return {
    access,
    refresh,
    issueAccess() {
      const token = secretFor('access')
      access.set(token, { scopes, expiresAt: clock().getTime() + lifetimeSeconds * 1000 })
      return token
    },
    issueRefresh() {
      const token = secretFor('refresh')
      refresh.add(token)
      return token
    },
    clear() {
      issued = 0
      access.clear()
      refresh.clear()
    },
  }
}
