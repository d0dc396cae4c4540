import { keyText, memberText } from './names.js'

/** Zod for some members of an answer, each at its dotted place. */
export type AnswerMember = { readonly path: readonly string[]; readonly zod: string }

type Tree = Map<string, Tree | string>

/** One object schema that reads all the members; objects on the way to optional members may be missing. */
export function answerSchema(members: readonly AnswerMember[]): string {
  const tree: Tree = new Map()
  for (const { path, zod } of members) insert(tree, path, zod)
  return treeText(tree, true)
}

function insert(tree: Tree, path: readonly string[], zod: string): void {
  const [name = '', ...rest] = path
  if (rest.length === 0) {
    tree.set(name, zod)
    return
  }
  const known = tree.get(name)
  const inner: Tree = known instanceof Map ? known : new Map<string, Tree | string>()
  tree.set(name, inner)
  insert(inner, rest, zod)
}

function treeText(tree: Tree, isRoot: boolean): string {
  const entries = [...tree].map(([name, inner]) => {
    const text = typeof inner === 'string' ? inner : treeText(inner, false)
    return `${keyText(name)}: ${text},`
  })
  return `z.object({\n${entries.join('\n')}\n})${isRoot ? '' : '.nullish()'}`
}

/** The expression for a member that `answerSchema` reads. */
export function answerAccess(from: string, path: readonly string[]): string {
  return path.reduce((text, step, i) => {
    const member = memberText(step)
    if (i === 0) return `${text}${member}`
    return `${text}?${member.startsWith('[') ? '.' : ''}${member}`
  }, from)
}
