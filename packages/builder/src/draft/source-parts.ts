import type { Interaction, Operation, Provider } from '@plumb/protocol'
import { wordsOf } from '../description/words.js'
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
  const [scopes] = [...operation.scopes].sort(
    (a, b) => a.length - b.length || aptness(operation, b) - aptness(operation, a),
  )
  return scopes === undefined || scopes.length === 0
    ? []
    : [`scopes: [${scopes.map(quote).join(', ')}],`]
}

/** How well scopes fit an operation: its words in their names, reading for reads, and nothing beyond. */
function aptness(operation: Operation, scopes: readonly string[]): number {
  const isRead = operation.method === 'GET'
  const names = scopes.map((scope) =>
    wordsOf(scope.replace(/^https?:\/\/[^/]+\//, '').replace('readonly', 'read')),
  )
  const own = wordsOf(`${operation.id} ${operation.path}`)
  const words = names.flat()
  const covered = words.filter((word) => own.includes(word)).length
  const foreign = words.filter(
    (word) => !own.includes(word) && word !== 'auth' && word !== 'read',
  ).length
  const reads = words.includes('read') ? 1 : 0
  return covered - foreign * 0.75 + (isRead ? reads : -reads) * 1.5
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
