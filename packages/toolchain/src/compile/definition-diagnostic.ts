import type { Diagnostic } from './diagnostic.js'

/** A complaint about what a whole file declares. */
export function definitionDiagnostic(
  path: string,
  { message, remedy }: { readonly message: string; readonly remedy: string },
): Diagnostic {
  return {
    path,
    line: 1,
    column: 1,
    code: 'definition',
    message,
    remedy,
    behaviour: 'T1',
    severity: 'reject',
  }
}
