import { SourceMap } from 'node:module'
import type { SourceMapPayload } from 'node:module'
import { extname } from 'node:path'
import { moduleRunnerTransformSync, transformSync } from 'oxc-transform'
import type { OxcError, TransformOptions } from 'oxc-transform'

/** One-based line and column. */
export type Position = { readonly line: number; readonly column: number }
type Made = { readonly code: string; readonly map?: object | undefined }

const mocksModules = /\bvi(?:test)?\s*\.\s*(?:mock|unmock|hoisted)\s*\(/
const plainScripts = new Set(['.js', '.mjs'])
const options: TransformOptions = {
  target: 'node20.19',
  decorator: { legacy: true },
}

/**
 * The body of an async function out of a source file: imports and exports go through `__vite_ssr_import__` and its
 * kin, the form in which vitest evaluates modules. Throws a SyntaxError that shows the place when it does not compile.
 */
export function transformModule(path: string, text: string): string {
  const { code } = linked(path, stripped(path, text))
  return mocksModules.test(text) ? hoistMocks(code) : code
}

/** Where a position of the transformed code was written; undefined where no source stands behind it. */
export function originalPosition(
  path: string,
  text: string,
  { line, column }: Position,
): Position | undefined {
  if (mocksModules.test(text)) return undefined
  const plain = stripped(path, text, true)
  const body = linked(path, plain, true)
  let at = { line: line - 1, column: column - 1 }
  for (const { map } of [body, plain]) {
    if (!map) continue
    const entry = new SourceMap(map as SourceMapPayload).findEntry(at.line, at.column)
    if (!('originalLine' in entry)) return undefined
    at = { line: entry.originalLine, column: entry.originalColumn }
  }
  return { line: at.line + 1, column: at.column + 1 }
}

/** The file without its types. */
function stripped(path: string, text: string, sourcemap = false): Made {
  if (plainScripts.has(extname(path))) return { code: text }
  const { code, map, errors } = transformSync(path, text, { ...options, sourcemap })
  refuse(path, errors)
  return { code, map }
}

function linked(path: string, { code }: Made, sourcemap = false): Made {
  const made = moduleRunnerTransformSync(`${path}.js`, code, { sourcemap })
  refuse(path, made.errors)
  return made
}

function refuse(path: string, errors: readonly OxcError[]): void {
  const [error] = errors
  if (!error) return
  const shown = error.codeframe?.trim() ?? `${error.message} (${path})`
  throw Object.assign(new SyntaxError(shown), { reason: 'does-not-compile' })
}

/** Puts mocks of modules behind the import of vitest and before every other, as vitest does. */
function hoistMocks(code: string): string {
  const order = { vitest: [] as string[], mocks: [] as string[], rest: [] as string[] }
  for (const statement of topLevelStatements(code)) order[placeOf(statement)].push(statement)
  return [...order.vitest, ...order.mocks, ...order.rest].join('\n')
}

function placeOf(statement: string): 'vitest' | 'mocks' | 'rest' {
  if (/^const \w+ = await __vite_ssr_import__\("vitest"/.test(statement)) return 'vitest'
  const vi =
    /^(?:(?:const|let|var) [^=]+= (?:await )?)?\(?(?:0, )?(?:\w+\.)?vi(?:test)?\)?\.(\w+)\(/
  const called = vi.exec(statement)?.[1]
  return called === 'mock' || called === 'unmock' || called === 'hoisted' ? 'mocks' : 'rest'
}

/** Statements of a module as they are printed: whatever follows is indented, or only closes a bracket. */
function topLevelStatements(code: string): string[] {
  const statements: string[] = []
  for (const line of code.split('\n')) {
    if (/^[\s})\]`]/.test(line) || line === '')
      statements.push(`${statements.pop() ?? ''}\n${line}`)
    else statements.push(line)
  }
  return statements
}
