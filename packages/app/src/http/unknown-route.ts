import { editDistance, PlumbError } from '@plumb/protocol'

export type Route = { readonly method: string; readonly path: string }

/**
 * What a request gets that names no route: `method-unknown` with the methods that its path has as payload, else
 * `route-unknown` with the nearest route.
 */
export function unknownRoute(asked: Route, routes: readonly Route[]): PlumbError {
  const path = withoutEnd(asked.path)
  const here = routes.filter((route) => matches(route.path, path))
  const methods = [...new Set(here.map(({ method }) => method))].join(', ')
  const hint = methods === '' ? nearestTo({ ...asked, path }, routes) : `This path has ${methods}.`
  return new PlumbError({
    code: methods === '' ? 'route-unknown' : 'method-unknown',
    message: `There is no route ${asked.method} ${path.slice(0, 200)}.`,
    remedy: `${hint} \`GET /openapi.json\` describes all routes.`.trimStart(),
    ...(methods !== '' && { payload: methods }),
  })
}

function nearestTo(asked: Route, routes: readonly Route[]): string {
  const [nearest] = routes
    .map((route) => ({ route, distance: distanceOf(asked, route) }))
    .sort((a, b) => a.distance - b.distance)
  if (nearest === undefined) return ''
  const { method, path } = nearest.route
  return nearest.distance > asked.path.length / 3 ? '' : `Did you mean ${method} ${path}?`
}

/** Path members cost nothing; another method costs less than another word. */
function distanceOf(asked: Route, route: Route): number {
  const wanted = asked.path.slice(0, 200).split('/')
  const words = route.path.split('/')
  const filled = words.map((word, at) => (word.startsWith(':') && wanted[at] ? wanted[at] : word))
  return (
    editDistance(wanted.join('/').toLowerCase(), filled.join('/').toLowerCase()) +
    (asked.method === route.method ? 0 : 0.5)
  )
}

function matches(pattern: string, path: string): boolean {
  const words = pattern.split('/')
  const given = path.split('/')
  return (
    words.length === given.length &&
    words.every((word, at) => word.startsWith(':') || word === given[at])
  )
}

function withoutEnd(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path
}
