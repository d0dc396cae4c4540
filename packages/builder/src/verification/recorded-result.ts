import { canonicalJson } from '@plumb/protocol'
import type { Execution, Finding } from '@plumb/protocol'
import { failureText, resultOf, returned } from './oracles/execution-result.js'
import { leafAt } from './oracles/provenance.js'
import { leavesOf, pathText } from './oracles/leaves.js'
import type { OracleInput, OracleResult } from './oracles/oracle.js'
import { openRehearsal } from './oracles/rehearsal.js'

/** Does the function return what its recording says came out? `expected` is undefined where it does not say. */
export async function compareRecorded(
  input: OracleInput,
  expected: unknown,
): Promise<OracleResult[]> {
  if (expected === undefined) return []
  const rehearsal = openRehearsal(input)
  const { execution } = await rehearsal.run()
  if (!returned(execution)) {
    const why = `the function does not repeat its recording: ${failureText(execution)}`
    return [{ oracle: 'recording', ran: false, why }]
  }
  const result =
    execution.functionKind === 'sync' ? savedOf(execution, expected) : resultOf(execution)
  const [before, now] = [plain(expected), plain(result)]
  const findings = canonicalJson(before) === canonicalJson(now) ? [] : [finding(input, before, now)]
  const { measurements } = rehearsal
  return [{ oracle: 'recording', ran: true, findings, measurements }]
}

/** What was saved of the models that the recording names. */
function savedOf({ records }: Execution, expected: unknown): object {
  const models = typeof expected === 'object' && expected !== null ? Object.keys(expected) : []
  return Object.fromEntries(models.map((model) => [model, records[model]?.saved ?? []]))
}

/** As it is after a way through JSON. */
function plain(value: unknown): unknown {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown)
}

function finding({ recorded }: OracleInput, before: unknown, now: unknown): Finding {
  return {
    check: 'recording',
    behaviour: 'T2',
    severity: 'reject',
    message: `With the recorded answers the function returns something else than its recording says: ${difference(before, now)}.`,
    remedy: 'Correct the function, or record it again (plumb record) when the change is meant.',
    pointer: recorded.pointer,
  }
}

function difference(before: unknown, now: unknown): string {
  const was = leavesOf(before).find(({ path, value }) => leafAt(now, path) !== value)
  if (was) {
    const got = leafAt(now, was.path)
    return `"${pathText(was.path)}" is recorded as ${shown(was.value)}, and is ${shown(got)}`
  }
  const more = leavesOf(now).find(({ path, value }) => leafAt(before, path) !== value)
  return more ? `"${pathText(more.path)}" is not recorded, and is ${shown(more.value)}` : 'its form'
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 100 ? `${text.slice(0, 100)}...` : text
}
