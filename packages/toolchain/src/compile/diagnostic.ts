import type { BehaviourId, Finding } from '@plumb/protocol'

/** One complaint of a tool about one place in a function's source. */
export type Diagnostic = {
  readonly path: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** Name of the lint rule, `TS2322`, `build`. */
  readonly code: string
  /** With the offending text. */
  readonly message: string
  readonly remedy: string
  readonly behaviour: BehaviourId
  readonly severity: 'reject' | 'warn'
  /** The lines around the place, with a caret under it. */
  readonly codeFrame?: string
}

/** The same complaints as findings of `check`, each pointing at its line. */
export function findingsFromDiagnostics(
  check: string,
  diagnostics: readonly Diagnostic[],
): Finding[] {
  return diagnostics.map(({ path, line, column, ...found }) => ({
    check,
    behaviour: found.behaviour,
    severity: found.severity,
    message: `${path}:${line}:${column} ${found.code}: ${found.message}`,
    remedy: found.remedy,
    pointer: { kind: 'code', path, line, column },
  }))
}
