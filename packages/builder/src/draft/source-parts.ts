import type { Interaction, Operation, Provider } from '@plumb/protocol'
import { plainLine } from './emit-zod.js'
import { quote } from './names.js'

/** Links to the documentation of the operation. */
export function docsComment(operation: Operation, provider: Provider): string[] {
  const link = operation.docs ?? provider.docs ?? null
  const call = `${operation.method} ${operation.path}`
  return [`// ${plainLine(call)}${link === null ? '' : `: ${plainLine(link)}`}`]
}

export function descriptionMember(interaction: Interaction): string {
  return `description: ${quote(plainLine(interaction.description))},`
}

/** The scopes of the least demanding alternative; nothing where the description names none. */
export function scopesMember(operation: Operation): string[] {
  const fewest = [...operation.scopes].sort(
    (a, b) => a.length - b.length || narrowness(b) - narrowness(a),
  )
  const [scopes] = fewest
  return scopes === undefined || scopes.length === 0
    ? []
    : [`scopes: [${scopes.map(quote).join(', ')}],`]
}

/** Longer names are narrower: `calendar.events` is less than `calendar`. */
function narrowness(scopes: readonly string[]): number {
  return scopes.join('').length
}

export const statusTypes: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'gone',
  412: 'precondition_failed',
  413: 'too_large',
  422: 'invalid_input',
  423: 'locked',
  429: 'rate_limited',
}

/** Throws typed errors for the statuses a brief expects. */
export function expectedStatusLines(statuses: readonly number[], what: string): string[] {
  return statuses.flatMap((status) => {
    const type = statusTypes[status] ?? `status_${status}`
    return [
      `if (response.status === ${status}) {`,
      `throw new ctx.ActionError({ type: ${quote(type)}, message: ${what} })`,
      '}',
    ]
  })
}
