import type { Finding } from '@plumb/protocol'
import { oracleInputOf } from './oracle-checks.js'
import { mapLeaves } from './oracles/leaves.js'
import type { OracleInput } from './oracles/oracle.js'
import { callsOf, openRehearsal } from './oracles/rehearsal.js'
import type { Check } from './verification-input.js'

/** Another for each function: a probe that is known can be let through. */
function probesOf({ compiled }: OracleInput): { elsewhere: string; extraStep: string } {
  const mark = `x${compiled.sourceHash.slice(0, 9)}`
  return { elsewhere: `https://${mark}.invalid/`, extraStep: `/${mark}` }
}

/** Can a caller choose by a value of the input which address is called, or step into another path? */
export const inputPaths: Check = {
  name: 'input-paths',
  run: async (input) => {
    const asked = oracleInputOf(input)
    const given = asked?.recorded.input
    if (!asked || !holdsText(given)) return []
    const { elsewhere, extraStep } = probesOf(asked)
    const rehearsal = openRehearsal(asked)
    const endpointsFor = async (change: (text: string) => string): Promise<string[]> => {
      const changed = mapLeaves(given, ({ value }) =>
        typeof value === 'string' ? change(value) : value,
      )
      const { trail } = await rehearsal.run({ input: changed, lenient: true })
      return callsOf(trail).map(({ asked: { request } }) => request.endpoint)
    }
    const foreign = (await endpointsFor((text) => `${elsewhere}${text}`)).find((endpoint) =>
      endpoint.startsWith(elsewhere),
    )
    if (foreign !== undefined) return [finding('reject', chosen)]
    const deeper = await endpointsFor((text) => `${text}${extraStep}`)
    return deeper.some((endpoint) => endpoint.split('?')[0]?.includes(extraStep))
      ? [finding('warn', stepped)]
      : []
  },
}

const chosen = 'A value of the input is taken as the whole address of a call.'
const stepped = 'A value of the input goes into the path of a call as it is, slashes included.'

function holdsText(value: unknown): boolean {
  if (typeof value === 'string') return true
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsText)
}

function finding(severity: Finding['severity'], message: string): Finding {
  return {
    check: inputPaths.name,
    behaviour: 'H7',
    severity,
    message,
    remedy: 'Write the path yourself and put values into it with encodeURIComponent.',
    pointer: null,
  }
}
