/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
export function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  const cell = (row: number, column: number) => rows[row]?.[column] ?? Infinity
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    rows.push(current)
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const around = [cell(row - 1, column) + 1, cell(row, column - 1) + 1]
      const swap = swapped ? cell(row - 2, column - 2) + 1 : Infinity
      current.push(Math.min(...around, cell(row - 1, column - 1) + same, swap))
    }
  }
  return cell(from.length, to.length)
}
