import { crashResume } from '../crash-resume.js'
import { faultSweep } from '../fault-sweep.js'
import { mutation } from '../mutation.js'
import type { Oracle } from '../oracle.js'
import { requestContract } from '../request-contract.js'
import { twoIdentities } from '../two-identities.js'

/** All that need recordings only. */
export const portableOracles: readonly Oracle[] = [
  mutation,
  faultSweep,
  requestContract,
  crashResume,
  twoIdentities,
]
