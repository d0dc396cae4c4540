import { editDistance, PlumbError } from '@plumb/protocol'

export type NamedFunction = { readonly integration: string; readonly name: string }

/**
 * The function that `wanted` means: `integration/name`, `integration/actions/name` or a name.
 * Throws PlumbError `function-not-found` with the nearest names, or with the candidates where several fit.
 */
export function chooseFunction<Found extends NamedFunction & { readonly kind: string }>(
  functions: readonly Found[],
  wanted: string,
  integration?: string,
): Found {
  const path = wanted.replace(/\.ts$/, '').split('/')
  const name = path.at(-1)
  const owner = path.length > 1 ? path[0] : integration
  const folder = path.length > 2 ? path.at(-2) : null
  const fitting = functions.filter(
    (each) =>
      each.name === name &&
      (owner === undefined || each.integration === owner) &&
      (folder === null || folder === `${each.kind}s`),
  )
  const [found, ...others] = fitting
  if (found === undefined) throw unknown(functions, wanted)
  if (others.length === 0) return found
  throw new PlumbError({
    code: 'function-not-found',
    message: `"${wanted}" may mean ${listed(fitting.map(fullName))}.`,
    remedy: 'Name one of them in full.',
  })
}

function fullName({ integration, kind, name }: NamedFunction & { readonly kind: string }): string {
  return `${integration}/${kind}s/${name}`
}

function unknown(functions: readonly NamedFunction[], wanted: string): PlumbError {
  const names = functions.map(({ integration, name }) => `${integration}/${name}`)
  const near = nearestNames(wanted, [...names, ...functions.map(({ name }) => name)])
  return new PlumbError({
    code: 'function-not-found',
    message: `There is no function "${wanted}" in this folder.`,
    remedy:
      near.length > 0
        ? `Did you mean ${listed(near)}?`
        : 'Functions are files <integration>/{actions,syncs,on-events}/<name>.ts; `plumb create` writes one.',
  })
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(' or ')
}

/** The names closest to what was typed, best first; none where nothing is near. */
export function nearestNames(typed: string, names: readonly string[], most = 3): string[] {
  const limit = Math.max(2, Math.floor(typed.length / 3))
  const ranked = [...new Set(names)].map((name) => ({ name, distance: editDistance(typed, name) }))
  return ranked
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) => name)
}
