/**
 * Breaks a text at spaces so that no line is longer than `columns` (at least 20); later lines start with `indent`.
 * Control characters of foreign texts become spaces: they could steer the terminal.
 */
export function wrap(text: string, columns: number, indent = ''): string[] {
  const width = Math.max(20, columns)
  const lines: string[] = []
  let rest = text
    .replace(/\s*[\n\t]\s*/g, ' ')
    .replace(/\p{Cc}/gu, ' ')
    .trimEnd()
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width)
    const end = space > indent.length ? space : width
    lines.push(rest.slice(0, end))
    rest = indent + rest.slice(end).trimStart()
  }
  return [...lines, rest]
}
