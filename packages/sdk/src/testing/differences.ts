type Members = Readonly<Record<string, unknown>>

const mostDifferences = 10
const longestValue = 120

/** How two plain values differ: one line for each place, dotted path first; at most ten. */
export function differences(recorded: unknown, got: unknown, path: string): string[] {
  return [...compare(plain(recorded), plain(got), path)].slice(0, mostDifferences)
}

/** As it is after a way through JSON. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined
  return text === undefined ? null : JSON.parse(text)
}

function* compare(recorded: unknown, got: unknown, path: string): Generator<string> {
  const bothMembers = isMembers(recorded) && isMembers(got)
  if (bothMembers && Array.isArray(recorded) === Array.isArray(got)) {
    yield* compareMembers(recorded, got, path)
  } else if (recorded !== got) {
    yield `${path}: recorded ${show(recorded)}, got ${show(got)}`
  }
}

function* compareMembers(recorded: Members, got: Members, path: string): Generator<string> {
  for (const name of Object.keys(recorded)) {
    const at = `${path}.${name}`
    if (name in got) yield* compare(recorded[name], got[name], at)
    else yield `${at}: recorded ${show(recorded[name])}, got nothing`
  }
  for (const name of Object.keys(got)) {
    if (!(name in recorded)) yield `${path}.${name}: not recorded, got ${show(got[name])}`
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > longestValue ? `${text.slice(0, longestValue)}...` : text
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}
