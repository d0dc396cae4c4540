import ts from 'typescript'

/** A part of a function that may or may not be run. */
export type Branch = {
  readonly id: number
  readonly kind: 'function' | 'branch'
  /** Beginning of its text, on one line. */
  readonly text: string
}

export type MarkedCode = { readonly code: string; readonly branches: readonly Branch[] }

/** What a run prints once for each branch that it reaches: this and the branch's id. */
export const reachedMark = 'plumb-reached '

/**
 * JavaScript that says which of its branches it reaches. Branches that only throw, and handlers of errors, are left
 * out: a recording of a success does not reach them, and other checks ask for them.
 */
export function markBranches(code: string): MarkedCode {
  const file = ts.createSourceFile(
    'function.cjs',
    code,
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.JS,
  )
  const places: { at: number; branch: Branch }[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node)) {
      const kind = kindOf(node)
      const text = node.parent.getText(file).replace(/\s+/g, ' ').slice(0, 80)
      const branch = { id: places.length, kind: kind ?? 'branch', text }
      if (kind !== null) places.push({ at: node.getStart(file) + 1, branch })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  const marked = [...places].reverse().reduce((text, { at, branch }) => {
    return `${text.slice(0, at)}${call(branch.id)}${text.slice(at)}`
  }, code)
  return { code: `${reporter}${marked}`, branches: places.map(({ branch }) => branch) }
}

const reporter = `const plumbSeen = new Set(); function plumbReached(id) { if (!plumbSeen.has(id)) { plumbSeen.add(id); console.log(${JSON.stringify(reachedMark)} + id) } }\n`

function call(id: number): string {
  return `plumbReached(${id});`
}

function kindOf(block: ts.Block): Branch['kind'] | null {
  const { parent } = block
  const [first] = block.statements
  if (first === undefined || ts.isThrowStatement(first)) return null
  if (ts.isFunctionLike(parent)) return isNamed(parent) ? 'function' : null
  const branches =
    ts.isIfStatement(parent) ||
    ts.isIterationStatement(parent, false) ||
    ts.isLabeledStatement(parent)
  return branches ? 'branch' : null
}

/** Functions with a name of the author's; those of the bundler begin with underscores. */
function isNamed(node: ts.SignatureDeclaration): boolean {
  const named = ts.isVariableDeclaration(node.parent) ? node.parent.name : node.name
  return named !== undefined && ts.isIdentifier(named) && !named.text.startsWith('__')
}
