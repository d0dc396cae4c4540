/** A glob (`*`, `**`, `?`, `{a,b}`, `[abc]`) as a regular expression for a whole relative path; dots are ordinary. */
export function globPattern(glob: string): RegExp {
  const source = glob.replaceAll(
    /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|\[[^\]]*\]|[.+^$()|\\{}[\]]/g,
    (part) => {
      if (part === '**/') return '(?:.*/)?'
      if (part === '**') return '.*'
      if (part === '*') return '[^/]*'
      if (part === '?') return '[^/]'
      if (part.length > 1 && part.startsWith('{'))
        return `(?:${part
          .slice(1, -1)
          .split(',')
          .map((word) => globPattern(word).source.slice(1, -1))
          .join('|')})`
      if (part.length > 1 && part.startsWith('[')) return part.replace(/^\[!/, '[^')
      return `\\${part}`
    },
  )
  return new RegExp(`^${source}$`)
}
