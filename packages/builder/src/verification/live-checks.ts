import type { Finding } from '@plumb/protocol'
import { oracleInputOf } from './oracle-checks.js'
import type { LiveAccount } from './oracles/live-account.js'
import { liveOracleNames } from './oracles/oracle.js'
import type { OracleInput, OracleResult } from './oracles/oracle.js'
import { changesNothing } from './oracles/read-after-write.js'
import { runOracles } from './oracles/run-oracles.js'
import type { Check, CheckInput } from './verification-input.js'

/** Does the function do in the account, with another input, what its dry run showed, and does the account keep it? */
export const liveChecks: Check = {
  name: 'live-oracles',
  run: async (input) => {
    if (input.live === undefined || input.evidence.submission === null) return []
    const asked = oracleInputOf(input)
    if (!asked) return []
    const live = liveAccountOf(input, asked)
    const results = await runOracles({ ...asked, ...(live && { live }) }, liveOracleNames)
    return results.flatMap(findingsOf)
  },
}

function liveAccountOf(
  { live, evidence }: CheckInput,
  { recorded }: OracleInput,
): LiveAccount | null {
  if (live === undefined) return null
  const own = evidence.receipts.filter(({ executionId }) => executionId === recorded.name)
  const first = own[0]?.sequence ?? 0
  const history = evidence.receipts.filter(({ sequence }) => sequence < first)
  return { ...live, history, recorded: own, runs: [] }
}

function findingsOf(result: OracleResult): readonly Finding[] {
  if (result.ran) return result.findings
  if (result.why === changesNothing) return []
  return [
    {
      check: result.oracle,
      behaviour: result.oracle === 'held-out' ? 'C2' : 'G1',
      severity: 'note',
      message: `Not run: ${result.why}.`,
      remedy: null,
      pointer: null,
    },
  ]
}
