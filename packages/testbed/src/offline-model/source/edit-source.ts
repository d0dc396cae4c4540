/** The text of a function with a change, or null when the place was not found. */
export type Edit = string | null

const key = (name: string) => `(?:'${escape(name)}'|${escape(name)})`
const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

type Block = { readonly from: number; readonly to: number }

/** The schema constants of a source: everything from `const Name = z.` to the closing bracket in the first column. */
function schemaBlocks(source: string): Block[] {
  return [...source.matchAll(/^const [\w$]+ = z\.[\s\S]*?(?:^\}\)|\)$)/gm)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }))
}

/** Rewrites the type of a member in every schema constant that has it on a line of its own. */
export function changeMember(source: string, name: string, change: (type: string) => string): Edit {
  const line = new RegExp(`^(\\s*${key(name)}: )(.*?)(,?)$`, 'm')
  const result = schemaBlocks(source)
    .reverse()
    .reduce((text, { from, to }) => {
      const block = text.slice(from, to)
      const [whole = '', head = '', type = '', comma = ''] = line.exec(block) ?? []
      const isOpen = whole === '' || type.endsWith('{')
      const next = isOpen ? block : block.replace(whole, () => `${head}${change(type)}${comma}`)
      return text.slice(0, from) + next + text.slice(to)
    }, source)
  return result === source ? null : result
}

const isOptional = (type: string) => /\.(optional|nullish)\(\)/.test(type)

/** Lets a member of answers be null or missing, and of results be missing; values follow. */
export function relaxMember(source: string, name: string, required: boolean): Edit {
  const loose = changeMember(source, name, (type) =>
    isOptional(type) ? type.replace('.optional()', '.nullish()') : `${type}.nullish()`,
  )
  if (loose === null || required) return loose
  const mapped = new RegExp(`^(\\s*${key(name)}: )([\\w$.?]+)(,)$`, 'm')
  return loose.replace(mapped, '$1$2 ?? undefined$3')
}

/** Sends one more member: takes it as input and puts it into the body. */
export function sendMember(source: string, name: string, type: string): Edit {
  const body = /\bdata:\s*\{\n?/.exec(source)
  const input = /\bconst Input = z\.object\(\{\n?/.exec(source)
  if (body === null || input === null || source.includes(`input.${name}`)) return null
  const at = body.index + body[0].length
  const withBody = `${source.slice(0, at)}${name}: input.${name},\n${source.slice(at)}`
  const from = input.index + input[0].length
  return `${withBody.slice(0, from)}${name}: ${type},\n${withBody.slice(from)}`
}

/** Changes one line, counted from 1. */
export function changeLine(
  source: string,
  line: number,
  change: (text: string) => string | null,
): Edit {
  const lines = source.split('\n')
  const text = lines[line - 1]
  const next = text === undefined ? null : change(text)
  if (text === undefined || next === text) return null
  const kept =
    next === null
      ? lines.filter((_, i) => i !== line - 1)
      : lines.map((one, i) => (i === line - 1 ? next : one))
  return kept.join('\n')
}
