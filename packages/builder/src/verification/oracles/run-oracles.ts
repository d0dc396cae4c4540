import { crashResume } from './crash-resume.js'
import { faultSweep } from './fault-sweep.js'
import { heldOut } from './held-out.js'
import { mutation } from './mutation.js'
import { oracleNames } from './oracle.js'
import type { Oracle, OracleInput, OracleName, OracleResult } from './oracle.js'
import { readAfterWrite } from './read-after-write.js'
import { requestContract } from './request-contract.js'
import { twoIdentities } from './two-identities.js'

const oracles: Readonly<Record<OracleName, Oracle>> = {
  mutation,
  'fault-sweep': faultSweep,
  'request-contract': requestContract,
  'crash-resume': crashResume,
  'two-identities': twoIdentities,
  'held-out': heldOut,
  'read-after-write': readAfterWrite,
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
