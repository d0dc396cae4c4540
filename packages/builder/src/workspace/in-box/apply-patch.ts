type Files = {
  read(path: string): string
  write(path: string, content: string): void
}

type Hunk = { readonly before: string; readonly after: string }

const heading = /^\*\*\* (Add|Update|Delete) File: (.+)$/

type Section = { readonly verb: string; readonly path: string; readonly lines: string[] }

function sectionsOf(patch: string): Section[] {
  const sections: Section[] = []
  for (const line of patch.split('\n')) {
    const [, verb, path] = heading.exec(line.trimEnd()) ?? []
    if (verb !== undefined && path !== undefined) sections.push({ verb, path, lines: [] })
    else if (!line.startsWith('*** ')) sections.at(-1)?.lines.push(line)
  }
  return sections
}

/** Lines without a prefix are context, as in a blank line whose blank was lost. */
function hunksOf(lines: readonly string[]): Hunk[] {
  const hunks: { before: string[]; after: string[] }[] = []
  for (const line of lines) {
    if (line.startsWith('@@')) hunks.push({ before: [], after: [] })
    else {
      const hunk = hunks.at(-1) ?? { before: [], after: [] }
      if (hunks.length === 0) hunks.push(hunk)
      const content = /^[ +-]/.test(line) ? line.slice(1) : line
      if (!line.startsWith('+')) hunk.before.push(content)
      if (!line.startsWith('-')) hunk.after.push(content)
    }
  }
  return hunks.map(({ before, after }) => ({ before: before.join('\n'), after: after.join('\n') }))
}

function update(source: string, { path, lines }: Section): string {
  const trimmed = lines.at(-1) === '' ? lines.slice(0, -1) : lines
  return hunksOf(trimmed).reduce((content, { before, after }) => {
    const at = content.indexOf(before)
    if (at < 0)
      throw new Error(`The lines to replace do not stand in ${path}: ${before.slice(0, 200)}`)
    return content.slice(0, at) + after + content.slice(at + before.length)
  }, source)
}

/** Applies a patch of the form `*** Begin Patch`, `*** Add|Update File: path`, `@@`, lines with ` `, `+`, `-`. */
export function applyPatch(patch: string, files: Files): string {
  const sections = sectionsOf(patch)
  if (sections.length === 0) throw new Error('The patch names no file.')
  for (const section of sections) {
    const { verb, path, lines } = section
    if (verb === 'Delete') throw new Error(`"${path}" cannot be deleted by a patch.`)
    const added = lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1))
    files.write(path, verb === 'Add' ? `${added.join('\n')}\n` : update(files.read(path), section))
  }
  return `Changed ${sections.map(({ path }) => path).join(', ')}.`
}
