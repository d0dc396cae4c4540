import type { Diagnostic } from '@plumb/toolchain/compile'

/** How many complaints are shown in full. */
const shown = 20

/** Complaints with place, lines of source and remedy, the first twenty in full and the rest as a number. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[]): string[] {
  const blocks = diagnostics.slice(0, shown).map(renderDiagnostic)
  const rest = diagnostics.length - blocks.length
  return rest > 0 ? [...blocks, `... and ${rest} more (--json shows all).\n`] : blocks
}

function renderDiagnostic(one: Diagnostic): string {
  const frame = one.codeFrame === undefined ? '' : `${one.codeFrame}\n`
  const place = `${one.path}:${one.line}:${one.column}`
  return `${place} ${one.code}: ${one.message}\n${frame}  -> ${one.remedy}\n`
}
