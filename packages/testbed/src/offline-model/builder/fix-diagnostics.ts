import { changeLine } from '../source/edit-source.js'

export type Diagnostic = { readonly line: number; readonly message: string }

type Fix = {
  readonly says: RegExp
  readonly change: (line: string, message: string) => string | null
}

const fixes: readonly Fix[] = [
  {
    says: /null.*is not assignable to type|undefined'? is not assignable/i,
    change: (line) => (line.includes('??') ? line : line.replace(/(,?)$/, ' ?? undefined$1')),
  },
  {
    says: /is declared but (its value is never read|never used)/i,
    change: (line) => (/^\s*(const|import) /.test(line) && /[)'}\]]\s*$/.test(line) ? null : line),
  },
  { says: /is possibly '?(null|undefined)/i, change: (line, message) => optional(line, message) },
]

/** `a.b` becomes `a?.b` for the value that a message names. */
function optional(line: string, message: string): string {
  const name = /'([\w$.]+)' is possibly/.exec(message)?.[1]
  return name === undefined ? line : line.replaceAll(`${name}.`, `${name}?.`)
}

/** Mends the lines that a compiler complains about, last line first; null when none of the complaints is known. */
export function fixDiagnostics(source: string, diagnostics: readonly Diagnostic[]): string | null {
  const ordered = [...diagnostics].sort((a, b) => b.line - a.line)
  const fixed = ordered.reduce((text, { line, message }) => {
    const fix = fixes.find(({ says }) => says.test(message))
    return (
      (fix === undefined ? null : changeLine(text, line, (one) => fix.change(one, message))) ?? text
    )
  }, source)
  return fixed === source ? null : fixed
}
