import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { originalPosition } from '../transform-module.js'
import type { Position } from '../transform-module.js'

/** Frames of what this worker evaluates name a path; its own name a URL. */
const frame = /(?:\(|at )(\/[^():]+):(\d+):(\d+)\)?$/

/** The line of the project at which an error came up, as text behind its message; empty where the stack tells none. */
export function failurePlace(stack: string, root: string): string {
  for (const line of stack.split('\n')) {
    const [, path = '', row, column] = frame.exec(line.trimEnd()) ?? []
    if (path === '' || path.includes('/node_modules/')) continue
    return shown(path, { line: Number(row), column: Number(column) }, root)
  }
  return ''
}

function shown(path: string, at: Position, root: string): string {
  try {
    const text = readFileSync(path, 'utf8')
    const written = path.endsWith('.cjs') ? at : originalPosition(path, text, at)
    if (!written) return ''
    const code = text.split('\n')[written.line - 1]?.trim() ?? ''
    return `\nat ${relative(root, path)}:${written.line}:${written.column}: ${code}`
  } catch {
    return ''
  }
}
