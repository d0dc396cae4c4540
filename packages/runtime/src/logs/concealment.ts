import { createRedaction } from '../gateway/redaction.js'
import type { Redaction } from '../gateway/redaction.js'

/** The secrets of one operation, and how they are removed. Operations of one connection share the patterns. */
export class Concealment {
  readonly #secrets = new Set<string>()

  add(secrets: readonly string[]): void {
    for (const secret of secrets) if (secret !== '') this.#secrets.add(secret)
  }

  get redaction(): Redaction {
    return redactionOf([...this.#secrets])
  }
}

const mostKnown = 500
/** Compiling the patterns of a secret costs more than using them. */
const known = new Map<string, Redaction>()

function redactionOf(secrets: readonly string[]): Redaction {
  const key = JSON.stringify(secrets)
  const found = known.get(key)
  if (found !== undefined) return found
  const made = createRedaction(secrets, { headers: {}, query: {} })
  if (known.size >= mostKnown) known.clear()
  known.set(key, made)
  return made
}
