const parts = /\*\*\/|\*\*|[?@+*]\([^)]*\)|\*|\?|\{[^}]*\}|\[[^\]]+\]|[\s\S]/g

/** Whether a path with `/` between its folders matches one of the patterns, written as vitest's `include` is. */
export function matchesPattern(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => expressionOf(pattern).test(path))
}

const known = new Map<string, RegExp>()

function expressionOf(pattern: string): RegExp {
  const found = known.get(pattern)
  if (found) return found
  const body = pattern.replace(/^\.\//, '').replace(parts, partOf)
  const made = new RegExp(`^${body}$`)
  known.set(pattern, made)
  return made
}

const wildcards: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
}

function partOf(part: string): string {
  const wildcard = wildcards[part]
  if (wildcard !== undefined) return wildcard
  if (part.length === 1) return escaped(part)
  if (part.startsWith('[')) return part.replace(/^\[!/, '[^')
  if (part.startsWith('{')) return `(?:${alternatives(part.slice(1, -1), ',')})`
  const either = `(?:${alternatives(part.slice(2, -1), '|')})`
  return part.startsWith('?') ? `${either}?` : either
}

function alternatives(list: string, separator: string): string {
  return list
    .split(separator)
    .map((one) => one.replace(/[\s\S]/g, (letter) => (letter === '*' ? '[^/]*' : escaped(letter))))
    .join('|')
}

function escaped(letter: string): string {
  return letter.replace(/[.+^$|()[\]{}\\*?]/, '\\$&')
}
