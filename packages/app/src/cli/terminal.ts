import type { Terminal } from '../operations/operation.js'

type Output = { readonly isTTY?: boolean; readonly columns?: number }

/** How wide and colourful an output may be: `COLUMNS` overrides the width, `NO_COLOR` (see no-color.org) the colours. */
export function terminalOf(
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const asked = Number(environment['COLUMNS'])
  // A terminal that nobody has given a size, as in a container, says 0.
  const columns = Number.isInteger(asked) && asked >= 20 ? asked : output.columns || 100
  const plainWanted = Boolean(environment['NO_COLOR']) || environment['TERM'] === 'dumb'
  return { columns, color: output.isTTY === true && !plainWanted }
}

/** A text without control characters but line breaks and tabs: names and answers of others could steer the terminal. */
export function plain(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, ' ')
}
