import { PlumbError } from '@plumb/protocol'
import { allContracts } from '../http/openapi-document.js'

const route = /`?\b(GET|POST|PUT|PATCH|DELETE) (\/[\w/:.-]*[\w/])`?/g

/** A failure whose remedy names commands, where the server names the routes behind them. */
export function toldByCommands(thrown: unknown): unknown {
  if (!(thrown instanceof PlumbError)) return thrown
  const { code, message, payload, remedy } = thrown
  const told = remedy.replace(route, (words, method: string, path: string) => {
    const named = allContracts().find((one) => one.method === method && one.path === path)
    if (named !== undefined) return `\`plumb ${named.name}\``
    return path === '/openapi.json' ? '`plumb openapi`' : words
  })
  if (told === remedy) return thrown
  return new PlumbError({ code, message, remedy: told, payload, cause: thrown })
}
