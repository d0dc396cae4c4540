/** Indents TypeScript by its brackets, two spaces a line that opens some; text in quotes and templates does not count. */
export function indentSource(lines: readonly string[]): string {
  /** For each open level, how many brackets opened it. */
  const levels: number[] = []
  const out = lines
    .flatMap((text) => text.split('\n'))
    .map((raw) => {
      const line = raw.trim()
      const { closedFirst, opened } = bracketsOf(line)
      closeLevels(levels, closedFirst)
      const depth = levels.length
      if (opened > 0) levels.push(opened)
      else closeLevels(levels, -opened)
      return line === '' ? '' : `${'  '.repeat(depth)}${line}`
    })
  return `${out
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
}

function closeLevels(levels: number[], brackets: number): void {
  let left = brackets
  while (left > 0 && levels.length > 0) {
    const open = levels.pop() ?? 0
    if (open > left) levels.push(open - left)
    left -= open
  }
}

/** Brackets closed at the start of a line, and opened (or closed, when negative) by the rest of it. */
function bracketsOf(line: string): { closedFirst: number; opened: number } {
  const bare = withoutText(line)
  const closedFirst = /^[)\]}]*/.exec(bare)?.[0].length ?? 0
  const rest = bare.slice(closedFirst)
  const count = (pattern: RegExp): number => rest.match(pattern)?.length ?? 0
  return { closedFirst, opened: count(/[([{]/g) - count(/[)\]}]/g) }
}

function withoutText(line: string): string {
  return line
    .replace(
      /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|\/(?![/*])(?:\\.|[^/\\\s])+\/[a-z]*/g,
      '',
    )
    .replace(/\/\/.*$/, '')
}
