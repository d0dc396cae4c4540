import type { Json, JsonObject } from '@plumb/protocol'
import { entriesOf, isObject, listOf, objectOf, own, stringsOf } from './document.js'

/** The alternatives of scopes an operation needs: any one list suffices. */
export function scopesOf(root: JsonObject, security: Json | undefined): string[][] {
  const requirements = listOf(security ?? root.security).filter(isObject)
  const alternatives = new Map<string, string[]>()
  for (const requirement of requirements) {
    const named = entriesOf(requirement).filter(([scheme]) => isOAuth(root, scheme))
    const scopes = [...new Set(named.flatMap(([, value]) => stringsOf(value)))]
    if (scopes.length > 0) alternatives.set(scopes.join(' '), scopes)
  }
  return [...alternatives.values()]
}

function isOAuth(root: JsonObject, name: string): boolean {
  const schemes = objectOf(objectOf(root.components).securitySchemes ?? root.securityDefinitions)
  const { type } = objectOf(own(schemes, name))
  return type === undefined || type === 'oauth2' || type === 'openIdConnect'
}
