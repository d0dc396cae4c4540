import type { Execution, Finding, Operation } from '@plumb/protocol'
import { answerOf } from '../reading/answer-of.js'
import { decoded } from '../reading/decoded.js'
import { objectsIn } from '../reading/objects-in.js'
import type { PlainObject } from '../reading/objects-in.js'
import { dryRunCalls } from './dry-run-calls.js'
import type { DryRunCall } from './dry-run-calls.js'
import { leavesOf } from './oracles/leaves.js'
import type { Check, CheckInput } from './verification-input.js'

/** Is one thing, whose id the caller gives, picked out of a page of many instead of being asked for? */
export const listedForOne: Check = {
  name: 'listed-for-one',
  run: (input) => {
    const calls = dryRunCalls(input)
    for (const execution of input.dryRuns) {
      const own = calls.filter(({ receipt }) => receipt.executionId === execution.id)
      const found = own.find((call) => picks(input, execution, call))
      if (found) return [finding(input, found)]
    }
    return []
  },
}

function picks(input: CheckInput, execution: Execution, call: DryRunCall): boolean {
  const { receipt, operation } = call
  if (execution.functionKind !== 'action' || execution.outcome.kind !== 'returned') return false
  const parameter = operation && ownParameter(input, operation)
  if (!operation || parameter === undefined || parameter === null) return false
  const items = lists(answerOf(receipt)).flat()
  const output = objectsIn(execution.outcome.output)
  return givenTexts(execution).some((given) => {
    const picked = items.find((item) => idsOf(item, parameter).includes(given))
    if (picked === undefined || (items.length === 1 && isFiltered(call))) return false
    return !wasSent(call, given) && output.some((one) => isAbout(one, picked, items))
  })
}

/** A list of one that was asked for with a declared filter is that one. */
function isFiltered({ receipt, operation }: DryRunCall): boolean {
  const declared = new Set(operation?.parameters.map(({ name }) => name))
  const names = [...new URL(receipt.request.url).searchParams.keys()]
  return names.some((name) => declared.has(name) && !paging.test(name))
}

const paging = /^(limit|offset|page|per_?page|page_?size|size|start|skip|top|count|cursor|after)$/i

/** The placeholder of the operation that reads one thing of this list. */
function ownParameter({ description }: CheckInput, { path, method }: Operation): string | null {
  if (method !== 'GET') return null
  const base = path.replace(/\/+$/, '')
  for (const other of description.operations) {
    if (other.method !== 'GET' || !other.path.startsWith(`${base}/{`)) continue
    const [, name] = /^\{\+?([^{}/]+)\}$/.exec(other.path.slice(base.length + 1)) ?? []
    if (name !== undefined) return name
  }
  return null
}

function lists(value: unknown): PlainObject[][] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return [value.filter(isObject)]
  return Object.values(value).flatMap((inner) =>
    isObject(inner) || Array.isArray(inner) ? lists(inner) : [],
  )
}

function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What the path would name the thing by: a member like the placeholder, or its id. */
function idsOf(item: PlainObject, parameter: string): string[] {
  const wanted = plain(parameter)
  return Object.entries(item).flatMap(([name, value]) => {
    const named = plain(name)
    const fits =
      named === wanted || (/id$/.test(wanted) && (named === 'id' || wanted.endsWith(named)))
    return fits && (typeof value === 'string' || typeof value === 'number') ? [String(value)] : []
  })
}

function plain(name: string): string {
  return name.replace(/[^a-z0-9]/gi, '').toLowerCase()
}

function givenTexts({ input }: Execution): string[] {
  return leavesOf(input)
    .filter(({ value }) => (typeof value === 'string' && value !== '') || typeof value === 'number')
    .map(({ value }) => String(value))
}

/** The API was told which one: in the path, or by a parameter that it knows. */
function wasSent({ receipt, operation }: DryRunCall, given: string): boolean {
  const url = new URL(receipt.request.url)
  if (url.pathname.split('/').map(decoded).includes(given)) return true
  const declared = new Set(operation?.parameters.map(({ name }) => name))
  return [...url.searchParams].some(
    ([name, value]) => value === given && declared.has(name) && !paging.test(name),
  )
}

/** The output has the members of this item, and does not hand on the others beside it. */
function isAbout(one: PlainObject, picked: PlainObject, items: readonly PlainObject[]): boolean {
  const shared = Object.keys(one).filter((name) => name in picked && one[name] === picked[name])
  return shared.length > 1 || (shared.length === 1 && items.length > 1)
}

function finding({ source }: CheckInput, { receipt, operation }: DryRunCall): Finding {
  const walks = /\bpaginate\s*[(<]|\bwhile\s*\(|\bfor\s*\(|\bfor\s+await\b/.test(source)
  return {
    check: listedForOne.name,
    behaviour: 'E3',
    severity: walks ? 'warn' : 'reject',
    message: `The function calls ${operation?.id ?? 'a list'} and picks one thing out of ${walks ? 'its pages' : 'one page'}; there is an operation that reads one.`,
    remedy: 'Ask for the one thing by its id: what is on another page is never found here.',
    pointer: { kind: 'receipt', receiptId: receipt.id },
  }
}
