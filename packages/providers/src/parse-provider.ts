import { isCollection } from 'yaml'
import { PlumbError, providerSchema } from '@plumb/protocol'
import type { Provider } from '@plumb/protocol'
import { brokenRules } from './entry-rules.js'
import { entrySource, problemAt } from './entry-source.js'
import type { EntrySource, ProviderProblem } from './entry-source.js'

type Issue = {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
}

export type ReadProvider =
  | { readonly ok: true; readonly provider: Provider; readonly source: EntrySource }
  | { readonly ok: false; readonly problems: readonly ProviderProblem[] }

/**
 * Reads one provider entry from YAML text. Throws PlumbError `provider-invalid` that lists every
 * problem as `file:line: "path" is value. What is wrong`.
 */
export function parseProvider(text: string, file: string): Provider {
  const read = readProvider(text, file)
  if (read.ok) return read.provider
  const lines = read.problems.map((one) => `${one.file}:${one.line}: ${one.message}`)
  throw new PlumbError({
    code: 'provider-invalid',
    message: lines.join('\n'),
    remedy:
      'Correct the named lines. An editor checks the entry against provider.schema.json of @plumb/providers.',
  })
}

/** The entry in a YAML text, or everything that keeps it from being one. */
export function readProvider(text: string, file: string): ReadProvider {
  const source = entrySource(text, file)
  const [syntaxError] = source.document.errors
  if (syntaxError !== undefined) {
    const { line } = source.lines.linePos(syntaxError.pos[0])
    const message = `not readable as YAML: ${syntaxError.message.split('\n')[0]}`
    return { ok: false, problems: [{ file, line, message }] }
  }
  const { success, data, error } = providerSchema.safeParse(source.document.toJS())
  const problems = success
    ? brokenRules(data, source)
    : error.issues.map((issue) => issueProblem(issue, source))
  return success && problems.length === 0
    ? { ok: true, provider: data, source }
    : { ok: false, problems }
}

function issueProblem(issue: Issue, source: EntrySource): ProviderProblem {
  const path = issue.keys?.[0] === undefined ? issue.path : [...issue.path, issue.keys[0]]
  const value = source.document.getIn(path)
  const shown = isCollection(value) ? 'set' : (JSON.stringify(value) ?? 'missing')
  const name = path.length === 0 ? 'the entry' : `"${path.map(String).join('.')}"`
  return problemAt(path, source, `${name} is ${shown}. ${issue.message}`)
}
