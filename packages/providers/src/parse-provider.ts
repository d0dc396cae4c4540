import { LineCounter, isCollection, isMap, isNode, isScalar, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import { PlumbError, providerSchema } from '@plumb/protocol'
import type { Provider } from '@plumb/protocol'

type Issue = {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
}

/**
 * Reads one provider entry from YAML text. Throws PlumbError `provider-invalid` that lists every
 * problem as `file:line: "path" is value. What is wrong`.
 */
export function parseProvider(text: string, file: string): Provider {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [syntaxError] = document.errors
  if (syntaxError !== undefined) {
    const line = lines.linePos(syntaxError.pos[0]).line
    throw invalid(`${file}:${line}: not readable as YAML: ${syntaxError.message.split('\n')[0]}`)
  }
  const result = providerSchema.safeParse(document.toJS())
  if (result.success) return checkMeaning(result.data, file)
  const problems = result.error.issues.map((issue) =>
    describeIssue(issue, { document, lines, file }),
  )
  throw invalid(problems.join('\n'))
}

type Source = { readonly document: Document; readonly lines: LineCounter; readonly file: string }

function describeIssue(issue: Issue, source: Source): string {
  const path = issue.keys?.[0] === undefined ? issue.path : [...issue.path, issue.keys[0]]
  const value = source.document.getIn(path)
  const shown = isCollection(value) ? 'set' : (JSON.stringify(value) ?? 'missing')
  const name = path.length === 0 ? 'the entry' : `"${path.map(String).join('.')}"`
  return `${source.file}:${lineOf(path, source)}: ${name} is ${shown}. ${issue.message}`
}

function lineOf(path: readonly PropertyKey[], source: Source): number {
  const key = path.at(-1)
  const parent = source.document.getIn(path.slice(0, -1), true)
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key)
    if (pair !== undefined && isNode(pair.key) && pair.key.range) {
      return source.lines.linePos(pair.key.range[0]).line
    }
  }
  const node = source.document.getIn(path, true)
  if (isNode(node) && node.range) return source.lines.linePos(node.range[0]).line
  return path.length === 0 ? 1 : lineOf(path.slice(0, -1), source)
}

function checkMeaning(provider: Provider, file: string): Provider {
  const { auth, proxy } = provider
  if (auth.mode === 'api-key' && (auth.header === undefined) === (auth.query === undefined)) {
    const given = auth.header === undefined ? 'neither' : 'both'
    throw invalid(`${file}: "auth" names ${given} of "header" and "query". It needs exactly one`)
  }
  for (const rule of proxy.access) {
    if (rule.matches !== undefined) checkPattern(rule.matches, file)
    if (rule.status === undefined && rule.matches === undefined) {
      throw invalid(`${file}: an "access" rule without "status" and "matches" would match anything`)
    }
  }
  return provider
}

function checkPattern(pattern: string, file: string): void {
  try {
    new RegExp(pattern)
  } catch (error) {
    throw invalid(`${file}: "matches" is "${pattern}", not a regular expression: ${String(error)}`)
  }
}

function invalid(message: string): PlumbError {
  return new PlumbError({
    code: 'provider-invalid',
    message,
    remedy:
      'Correct the named lines. An editor checks the entry against provider.schema.json of @plumb/providers.',
  })
}
