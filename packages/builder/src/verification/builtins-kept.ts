import type { Finding } from '@plumb/protocol'
import { changedMark, probeBuiltins } from './builtin-probe.js'
import { oracleInputOf } from './oracle-checks.js'
import { openRehearsal } from './oracles/rehearsal.js'
import type { Check } from './verification-input.js'

/** After a run, are the objects of the language and of the given packages what they were before it? */
export const builtinsKept: Check = {
  name: 'built-ins',
  run: async (input) => {
    const asked = oracleInputOf(input)
    if (!asked) return []
    const { compiled } = asked
    const probed = {
      ...compiled,
      code: probeBuiltins(compiled.code),
      sourceHash: `${compiled.sourceHash} probed`,
    }
    const rehearsal = openRehearsal({ ...asked, compiled: probed })
    const { execution } = await rehearsal.run({ cold: true, lenient: true })
    return execution.logs.flatMap(({ message }) => {
      const at = message.indexOf(changedMark)
      return at === -1 ? [] : [finding(message.slice(at + changedMark.length))]
    })
  },
}

function finding(name: string): Finding {
  return {
    check: builtinsKept.name,
    behaviour: 'B6',
    severity: 'reject',
    message: `The function changes ${name.slice(0, 120)}, which belongs to everybody in the process.`,
    remedy: 'Change values of your own only.',
    pointer: null,
  }
}
