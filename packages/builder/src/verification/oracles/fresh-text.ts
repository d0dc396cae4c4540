import type { JsonSchema } from '@plumb/protocol'
import { leafName } from './leaves.js'
import type { LeafPath } from './leaves.js'
import { seededRandom, substituteFor } from './substitutes.js'

const freeNames =
  /(title|name|summary|text|body|description|message|content|subject|topic|note|notes|comment|purpose|label)$/
const agentNamespace = /plumb-[0-9a-f]{6}/g
const isTime = /^\d{4}-\d{2}-\d{2}(T|$)/

/** A text of the same kind that nobody used before; null for one that only some values can take the place of. */
export function freshText(
  text: string,
  o: { readonly path: LeafPath; readonly namespace: string; readonly schema: JsonSchema },
): string | null {
  if (Array.isArray(o.schema['enum']) || o.schema['const'] !== undefined) return null
  if (isTime.test(text)) return String(substituteFor(text, seededRandom(o.namespace)))
  if (!isFree(text, o.path)) return null
  const named = text.replace(agentNamespace, o.namespace)
  const fresh = named === text ? inStyleOf(text, o.namespace) : `${named}${endOf(named)}`
  const { maxLength } = o.schema
  return typeof maxLength === 'number' && fresh.length > maxLength ? null : fresh
}

function isFree(text: string, path: LeafPath): boolean {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^\S+@\S+\.\S+$/.test(text)) return false
  if (/^#?[0-9a-f]{6}$/i.test(text) || /^[A-Za-z0-9+/_=-]{80,}$/.test(text)) return false
  return text.search(agentNamespace) >= 0 || freeNames.test(leafName(path))
}

/** Names that allow only lower-case letters and dashes keep to them. */
function inStyleOf(text: string, namespace: string): string {
  return /^[a-z0-9_-]+$/.test(text) ? `${namespace}-other` : `${namespace} another ${text}`
}

/** One word more, so that not only the namespace differs. */
function endOf(text: string): string {
  return text.includes(' ') ? ' again' : '-again'
}
