import ts from 'typescript'
import { descendants } from './syntax.js'

export type WrittenValue = { readonly text: string; readonly line: number; readonly column: number }

/** Texts in a function that look like data, but for those that describe the function or its schemas. */
export function writtenValues(text: string): WrittenValue[] {
  const source = ts.createSourceFile('/function.ts', text, ts.ScriptTarget.ES2023, true)
  return [...descendants(source)]
    .filter(ts.isStringLiteralLike)
    .filter((node) => looksLikeData(node.text) && !describes(node, source))
    .map((node) => {
      const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source))
      return { text: node.text, line: line + 1, column: character + 1 }
    })
}

/** Names, addresses, ids and times look like data; single words such as `open` are part of a language. */
export function looksLikeData(text: string): boolean {
  return text.length >= 6 && /[\d@]/.test(text)
}

function describes(node: ts.Node, source: ts.SourceFile): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at
    if (ts.isImportDeclaration(parent)) return true
    if (ts.isCallExpression(parent) && /^z\b/.test(parent.expression.getText(source))) return true
    if (ts.isReturnStatement(parent)) return false
  }
  return false
}
