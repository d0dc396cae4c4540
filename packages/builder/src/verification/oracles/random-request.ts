import type { Finding } from '@plumb/protocol'
import type { OracleInput } from './oracle.js'
import { parametersOf } from './page-marks.js'
import { callsOf } from './rehearsal.js'
import type { Rehearsed } from './rehearsal.js'

/** A reading call that asks for something else with every throw of the dice; a write may bring a key or an id of its own. */
export function randomRequest(
  { recorded }: OracleInput,
  { before, now }: { readonly before: Rehearsed; readonly now: Rehearsed },
): Finding[] {
  const later = callsOf(now.trail)
  for (const [at, call] of callsOf(before.trail).entries()) {
    const other = later[at]
    const { method, endpoint } = call.asked.request
    if (!/^(GET|HEAD)$/.test(method) || other?.asked.request.method !== method) continue
    const values = new Map(parametersOf(other).map(({ name, value }) => [name, value]))
    const changed = parametersOf(call).find(
      ({ name, value }) => values.has(name) && values.get(name) !== value,
    )
    const what = changed ? `a random "${changed.name}"` : 'a random address'
    if (!changed && pathOf(endpoint) === pathOf(other.asked.request.endpoint)) continue
    return [
      {
        check: 'two-identities',
        behaviour: 'C11',
        severity: 'warn',
        message: `The function asks ${method} ${pathOf(endpoint)} with ${what}, so that no recording of it can be repeated.`,
        remedy: 'Ask with values of the input, the metadata or the checkpoint.',
        pointer: recorded.pointer,
      },
    ]
  }
  return []
}

function pathOf(endpoint: string): string {
  return endpoint.replace(/[?#].*$/s, '')
}
