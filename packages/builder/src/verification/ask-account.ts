import type { ApiDescription } from '@plumb/protocol'
import { liveOracleNames } from './oracles/oracle.js'
import type { OracleInput, OracleResult } from './oracles/oracle.js'
import { runOracles } from './oracles/run-oracles.js'
import type { LiveAccess } from './verification-input.js'

/** A connected account, for the functions of a person's folder. */
export type ProjectAccount = Pick<OracleInput, 'provider' | 'baseUrl'> & {
  /** Null where the provider entry names none; then nothing can be read back. */
  readonly description: ApiDescription | null
  readonly access: LiveAccess
}

/** Runs a function in the account, with an input that its recording does not have, and reads back what it changed. */
export function askAccount(
  input: OracleInput,
  { provider, baseUrl, description, access }: ProjectAccount,
): Promise<OracleResult[]> {
  const declared = { ...(description && { description }), writes: access.writes }
  const live = { ...access, history: [], recorded: [], runs: [] }
  return runOracles({ ...input, provider, baseUrl, declared, live }, liveOracleNames)
}
