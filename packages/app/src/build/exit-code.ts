import type { Report } from '@plumb/protocol'
import { exitCodes } from '../cli/failure.js'

/** 0 when every interaction ended as its brief expects, 2 when one did not. */
export function exitCodeOfReport({ totals }: Report): number {
  return totals.asExpected === totals.interactions ? exitCodes.ok : exitCodes.notAccepted
}
