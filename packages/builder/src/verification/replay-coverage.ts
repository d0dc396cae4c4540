import type { Finding } from '@plumb/protocol'
import { markBranches, reachedMark } from '@plumb/toolchain'
import type { Branch } from '@plumb/toolchain'
import { oracleInputOf } from './oracle-checks.js'
import { openRehearsal } from './oracles/rehearsal.js'
import type { Check } from './verification-input.js'

/** Share of the branches that a recorded run must reach, where there are enough to speak of a share. */
const floor = 0.4
const enough = 5

/** Does the recorded run reach what the function is made of? */
export const replayCoverage: Check = {
  name: 'coverage',
  run: async (input) => {
    const asked = oracleInputOf(input)
    if (!asked) return []
    const { code, branches } = markBranches(asked.compiled.code)
    if (branches.length === 0) return []
    const compiled = { ...asked.compiled, code, sourceHash: `${asked.compiled.sourceHash} marked` }
    const { execution } = await openRehearsal({ ...asked, compiled }).run({ cold: true })
    if (execution.outcome.kind !== 'returned') return []
    const reached = new Set(execution.logs.map(({ message }) => idIn(message)))
    const missed = branches.filter(({ id }) => !reached.has(id))
    return judge(branches, missed)
  },
}

function idIn(message: string): number | null {
  const at = message.indexOf(reachedMark)
  return at === -1 ? null : Number.parseInt(message.slice(at + reachedMark.length), 10)
}

function judge(branches: readonly Branch[], missed: readonly Branch[]): Finding[] {
  const dead = missed.filter(({ kind }) => kind === 'function')
  const told = dead.map(({ text }) => finding(`No recorded run enters ${JSON.stringify(text)}.`))
  const share = 1 - missed.length / branches.length
  if (branches.length < enough || share >= floor) return told
  const message = `The recorded run reaches ${Math.round(share * 100)} % of the branches of the function.`
  return [...told, finding(message)]
}

function finding(message: string): Finding {
  return {
    check: replayCoverage.name,
    behaviour: 'E8',
    severity: 'warn',
    message,
    remedy: 'Remove what nothing needs, or make a dry run with an input that needs it.',
    pointer: null,
  }
}
