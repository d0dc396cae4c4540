/**
 * The prefix that operation paths need so that they are relative to `base`, the provider's base URL, when the
 * document's own base is `server`; `{ remove }` or `{ add }` of path segments, both empty when nothing changes.
 */
export function pathShift(base: string, server: string | null): { add: string; remove: string } {
  const ours = pathOf(base)
  const theirs = server === null ? '' : pathOf(server)
  if (theirs === ours) return { add: '', remove: '' }
  if (isPrefix(ours, theirs)) return { add: theirs.slice(ours.length), remove: '' }
  if (isPrefix(theirs, ours)) return { add: '', remove: ours.slice(theirs.length) }
  return { add: '', remove: '' }
}

/** Makes one path relative; a path outside the provider's base stays as the document wrote it. */
export function shiftPath(path: string, shift: { add: string; remove: string }): string {
  const rest =
    shift.remove !== '' && isPrefix(shift.remove, path) ? path.slice(shift.remove.length) : path
  return `${shift.add}${rest}` || '/'
}

function isPrefix(prefix: string, path: string): boolean {
  return prefix === '' || path === prefix || path.startsWith(`${prefix}/`)
}

/** The path of a URL that may hold `${...}` or `{...}` placeholders, without a trailing slash. */
function pathOf(url: string): string {
  return url
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
}
