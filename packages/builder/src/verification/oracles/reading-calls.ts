import type { ProviderRequest } from '@plumb/protocol'
import type { GatewayAnswer } from '@plumb/runtime'
import { pathSteps } from './likely-recording.js'
import type { OracleInput } from './oracle.js'

const firstWords = /^(search|query|lookup|find|filter|list|count|get|fetch|describe)$/
const lastWords = /^(search|query|lookup|find|filter|list|count|changes|delta|mget)$/
const changing =
  /^(create|add|new|insert|update|upsert|set|put|save|write|send|post|delete|remove|move|copy|import|start|run|or)$/
/** What says how a list is read on, or how old its interface is. */
const appendix = /^(continue|next|more|page|v\d+)$/i

/** Many APIs are read with a POST; where nobody says what writes, the name of the call does. */
export function readsByName(
  { declared, provider }: OracleInput,
  request: ProviderRequest,
  answer: GatewayAnswer,
): boolean {
  if (declared !== null || request.method !== 'POST') return false
  if ((provider.proxy.writes ?? []).length > 0) return false
  // What an API has made, or will do later, it says with a status of its own.
  if (answer.kind === 'answered' && [201, 202, 204].includes(answer.response.status)) return false
  return isReadingName(request.endpoint)
}

function isReadingName(endpoint: string): boolean {
  const steps = pathSteps(endpoint)
  const name = steps.findLast((step, at) => at === 0 || !appendix.test(step)) ?? ''
  const words = wordsOf(name.replace(/\.json$/, ''))
  if (words.some((word) => changing.test(word))) return false
  return firstWords.test(words[0] ?? '') || lastWords.test(words.at(-1) ?? '')
}

/** `conversations.list`, `list_folder`, `getUsers` and `events:query` in small letters. */
function wordsOf(name: string): string[] {
  const parts = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').split(/[^A-Za-z\d]+/)
  return parts
    .filter((part) => part !== '' && !appendix.test(part))
    .map((part) => part.toLowerCase())
}
