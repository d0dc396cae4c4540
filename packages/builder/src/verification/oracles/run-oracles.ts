import { crashResume } from './crash-resume.js'
import { faultSweep } from './fault-sweep.js'
import { mutation } from './mutation.js'
import { oracleNames } from './oracle.js'
import type { Oracle, OracleInput, OracleName, OracleResult } from './oracle.js'
import { requestContract } from './request-contract.js'
import { twoIdentities } from './two-identities.js'

/** The oracles that need no live account. */
const oracles: Readonly<Record<OracleName, Oracle>> = {
  mutation,
  'fault-sweep': faultSweep,
  'request-contract': requestContract,
  'crash-resume': crashResume,
  'two-identities': twoIdentities,
}

/** Puts one recorded case before the oracles, one after the other, so that they share one warm process. */
export async function runOracles(
  input: OracleInput,
  names: readonly OracleName[] = oracleNames,
): Promise<OracleResult[]> {
  const results: OracleResult[] = []
  for (const name of names) {
    input.signal.throwIfAborted()
    results.push(await oracles[name].run(input))
  }
  return results
}
