import type { CompiledFunction, Execution, Finding } from '@plumb/protocol'
import { recordingsFromReceipts } from '@plumb/runtime'
import { runClockOf } from '@plumb/toolchain'
import { compareExecutions } from '../reading/compare-executions.js'
import { oracleNames } from './oracles/oracle.js'
import type { Declared, OracleInput } from './oracles/oracle.js'
import { openRehearsal } from './oracles/rehearsal.js'
import { runOracles } from './oracles/run-oracles.js'
import type { Check, CheckInput } from './verification-input.js'

/** Does the function still tell the truth when its answers change, fail, come late or come twice? */
export const oracleChecks: Check = {
  name: 'oracles',
  run: async (input) => {
    const recorded = richest(input.dryRuns)
    const asked = oracleInputOf(input)
    if (!asked || !recorded) return []
    if (!(await repeats(asked, recorded))) return []
    const results = await runOracles(asked)
    return results.flatMap((result): readonly Finding[] => (result.ran ? result.findings : []))
  },
}

/** The same questions one by one, to see what each costs. */
export const singleOracleChecks: readonly Check[] = oracleNames.map((name) => ({
  name,
  run: async (input) => {
    const asked = oracleInputOf(input)
    const results = asked === null ? [] : await runOracles(asked, [name])
    return results.flatMap((result): readonly Finding[] => (result.ran ? result.findings : []))
  },
}))

/** The dry run that shows most of the function, ready to be rehearsed; null when there is none. */
export function oracleInputOf(input: CheckInput): OracleInput | null {
  const { compiled } = input
  const recorded = richest(input.dryRuns)
  return compiled && recorded && oracleInput(input, compiled, recorded)
}

/** Of several dry runs, the one with most calls shows most of the function. */
function richest(dryRuns: readonly Execution[]): Execution | null {
  return [...dryRuns].sort((a, b) => b.calls.length - a.calls.length)[0] ?? null
}

function oracleInput(
  input: CheckInput,
  compiled: CompiledFunction,
  recorded: Execution,
): OracleInput {
  const receipts = input.evidence.receipts.filter(({ executionId }) => executionId === recorded.id)
  const { provider, connection, baseUrl, pool, deadlineMs, ids, signal } = input
  const { metadata, startCheckpoint } = recorded
  return {
    ...{ compiled, provider, connection, baseUrl, pool, deadlineMs, ids, signal },
    declared: declaredIn(input),
    recorded: {
      name: recorded.id,
      recordings: recordingsFromReceipts(receipts),
      input: recorded.input,
      metadata,
      checkpoint: startCheckpoint,
      clock: runClockOf(recorded),
      pointer: { kind: 'execution', executionId: recorded.id },
    },
  }
}

/** Operations and the number of writes are compared with the receipts by checks of their own. */
function declaredIn({ interaction, description }: CheckInput): Declared {
  const { expectedStatuses } = interaction
  return { ...(expectedStatuses && { expectedStatuses }), writes: Infinity, description }
}

/** A function that does not repeat its recording is told so by the replay; the oracles would only say it again. */
async function repeats(input: OracleInput, recorded: Execution): Promise<boolean> {
  const { execution, unused } = await openRehearsal(input).run()
  return unused === 0 && compareExecutions(recorded, execution).length === 0
}
