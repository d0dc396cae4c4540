import { leafName } from './leaves.js'
import { listIn } from './list-in-answer.js'
import { namesErrors, softFailure } from './soft-error.js'
import type { SoftError } from './soft-error.js'

type Members = Readonly<Record<string, unknown>>

const stateNames = /^(status|stat|state|result|code|ret|retcode|returncode)$/
const contentNames = /^(data|results?|items|records|rows|response|payload|content|values?|entries)$/

/** Beside its content an answer says that nothing went wrong: `errors: []`, `error: null`, `status: "ok"`. */
export function envelopeErrors(whole: Members): SoftError[] {
  const list = listIn({ encoding: 'utf8', text: JSON.stringify(whole) })
  const listName = list?.path.length === 1 ? list.path[0] : undefined
  const content = Object.entries(whole).filter(
    ([name, value]) =>
      typeof value === 'object' &&
      value !== null &&
      (name === listName || contentNames.test(leafName([name]))),
  )
  if (content.length === 0) return []
  const names = new Set(content.map(([name]) => name))
  const gone = content.map(([name, value]) => [name, Array.isArray(value) ? [] : null] as const)
  const others = Object.entries(whole).filter(([name]) => !names.has(name))
  return others.flatMap(([name, value]) => {
    const sure = namesErrors(name)
    const other = sure ? anError(value) : stateNames.test(leafName([name])) ? failing(value) : null
    if (other === null) return []
    const body = { ...whole, ...Object.fromEntries(gone), [name]: other }
    const text = `200 with ${JSON.stringify(name)}: ${JSON.stringify(other)}`
    return [{ body: JSON.stringify(body), text, sure }]
  })
}

/** What a member for errors says when there is one; null for one that has some already. */
function anError(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [softFailure] : null
  if (value === '') return softFailure.message
  if (typeof value !== 'object') return value === false ? true : failing(value)
  return value === null || Object.keys(value).length === 0 ? softFailure : null
}

/** The opposite of a word or code that says that all is well; null for any other. */
function failing(value: unknown): unknown {
  if (value === 0 || value === '0') return 50_001
  if (typeof value !== 'string' || !/^(ok|success)$/i.test(value)) return null
  return value === value.toUpperCase() ? 'ERROR' : 'error'
}
