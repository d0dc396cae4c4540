import type { FaultEvidence, Told } from './fault-evidence.js'
import { isAmbiguous } from './faults.js'
import { callsOf, keyOf, sameRequest } from './rehearsal.js'

/** A change that may have happened is made again. */
export function judgeWrites({ faulted, target, fault }: FaultEvidence): Told[] {
  if (!target.write) return []
  const { request } = target.asked
  const later = callsOf(faulted.trail).filter(
    (call) => call.asked.index > target.asked.index && call.asked.request.method === request.method,
  )
  const same = later.filter((call) => sameRequest(request)(call.asked.request))
  const key = keyOf(target)
  const known = key !== null && same.every((call) => keyOf(call) === key)
  if (same.length > 0 && isAmbiguous(fault) && !known) {
    return [{ behaviour: 'D7', severity: 'reject', what: 'the same change was asked for again' }]
  }
  const { endpoint } = request
  const other = later.filter(
    (call) => call.asked.request.endpoint === endpoint && !same.includes(call),
  )
  const isRefused = fault.kind === 'status' && [400, 409, 422].includes(fault.status)
  if (other.length === 0 || !(isAmbiguous(fault) || isRefused)) return []
  return [
    { behaviour: 'D6', severity: 'warn', what: 'another change was sent to the same address' },
  ]
}
