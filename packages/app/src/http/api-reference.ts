import type { Contract, Json, JsonObject, Member } from '@plumb/protocol'
import { allContracts, schemaOf } from './openapi-document.js'

/** The page that describes every route: `docs/api.md`. */
export function apiReference(): string {
  return [head, ...allContracts().map(section)].join('\n')
}

const head = `# HTTP API

Made from the contracts; \`npx vitest run packages/app/src/http/api-reference.test.ts -u\` writes it anew.

\`plumb serve\` answers these routes; \`GET /openapi.json\` has the same as an OpenAPI 3.1 document. Every request carries
\`Authorization: Bearer <secret key>\`, which names the environment too: nothing of another one can be reached with it.
Every failure is \`{ "error": { "code", "message", "remedy", "docs" } }\`, with a status that fits; [errors.md](errors.md)
explains the codes. Every answer has an \`X-Request-Id\`.

A list in a query is repeated (\`ids=a&ids=b\`) or separated by commas (\`ids=a,b\`).

Beside these there are \`GET /health\` (the process answers) and \`GET /ready\` (it can do its work), without a key.
`

function section(contract: Contract): string {
  const { name, summary, method, path, scope } = contract
  const members = Object.values(contract.input).map(memberLine)
  const answer = answerLine(contract)
  const failures = contract.failures.map((code) => `\`${code}\``).join(', ')
  return [
    `## ${name}\n`,
    `${summary}.\n`,
    `\`\`\`http\n${method} ${path}\n\`\`\`\n`,
    ...(scope === null ? ['Needs no secret key.\n'] : [`Scope: \`${scope}\`.\n`]),
    ...(members.length === 0 ? [] : [`${members.join('\n')}\n`]),
    `${answer}\n`,
    ...(failures === '' ? [] : [`Failures: ${failures}.\n`]),
  ].join('\n')
}

function memberLine({ place, name, schema }: Member): string {
  const { description } = schema
  const needed = schema.safeParse(undefined).success ? '' : ', required'
  const label = place === 'payload' ? 'the body' : `\`${name}\` (${place}${needed})`
  return `- ${label}: ${typeOf(schemaOf(schema, 'input'))}${description === undefined ? '' : `; ${plainText(description)}`}`
}

function answerLine({ status = 200, output }: Contract): string {
  if (status === 204) return 'Answers 204 without a body.'
  const shape = schemaOf(output, 'output')
  const members = Object.entries((shape['properties'] ?? {}) as Record<string, JsonObject>)
  if (members.length === 0) return `Answers ${status} with ${typeOf(shape)}.`
  const listed = members.map(([name, member]) => `- \`${name}\`: ${typeOf(member)}`)
  return `Answers ${status} with\n\n${listed.join('\n')}`
}

const mostMembers = 30

/** A short name of a JSON Schema: `string`, `array of { id, name }`, `one of "a", "b"`. */
function typeOf(schema: JsonObject): string {
  const any = (schema['anyOf'] ?? schema['oneOf']) as JsonObject[] | undefined
  if (any !== undefined) return [...new Set(any.map(typeOf))].join(' or ')
  if (schema['const'] !== undefined) return `\`${JSON.stringify(schema['const'])}\``
  const values = schema['enum'] as Json[] | undefined
  if (values !== undefined)
    return `one of ${values.map((one) => `\`${JSON.stringify(one)}\``).join(', ')}`
  if (schema['type'] === 'array') return `array of ${typeOf((schema['items'] ?? {}) as JsonObject)}`
  if (schema['type'] === 'object') return objectType(schema)
  return typeof schema['type'] === 'string' ? schema['type'] : 'any JSON'
}

function objectType(schema: JsonObject): string {
  const names = Object.keys((schema['properties'] ?? {}) as JsonObject)
  if (names.length === 0) return 'object'
  return `object of ${names
    .slice(0, mostMembers)
    .map((name) => `\`${name}\``)
    .join(', ')}`
}

function plainText(description: string): string {
  return description.replace(/`[^`]*`|[*_<]/g, (found) => (found.length > 1 ? found : `\\${found}`))
}
