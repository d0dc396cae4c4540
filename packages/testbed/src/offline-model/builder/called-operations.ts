import type { OperationName } from '../api/operation.js'
import { placeholderOf, segmentsOf } from '../api/operation.js'
import type { Call } from './dry-run.js'

/** The operations behind successful calls, without repetition; a call that fits none of them is left out. */
export function calledOperations(
  calls: readonly Call[],
  catalogue: readonly OperationName[],
): string[] {
  const found = calls
    .filter(({ status }) => status !== null && status < 400)
    .flatMap((call) => operationOf(call, catalogue)?.id ?? [])
  return [...new Set(found)]
}

/** The operation whose path fits the end of a call's path, the one with the most fixed parts first. */
export function operationOf(call: Call, catalogue: readonly OperationName[]): OperationName | null {
  const given = segmentsOf(call.path)
  const fitting = catalogue.filter(
    ({ method, path }) => method === call.method && fits(segmentsOf(path), given),
  )
  return fitting.sort((a, b) => fixed(b) - fixed(a))[0] ?? null
}

const fixed = ({ path }: OperationName) =>
  segmentsOf(path).filter((segment) => placeholderOf(segment) === null).length

function fits(asked: readonly string[], given: readonly string[]): boolean {
  const end = given.slice(given.length - asked.length)
  return (
    asked.length <= given.length &&
    asked.every((segment, i) => placeholderOf(segment) !== null || segment === end[i])
  )
}
