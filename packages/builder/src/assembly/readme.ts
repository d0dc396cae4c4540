import type { FunctionKind, JsonSchema, Provider } from '@plumb/protocol'

/** What people want to know about a function. */
export type DescribedFunction = {
  readonly id: string
  readonly kind: FunctionKind
  readonly description: string
  readonly inputSchema: JsonSchema | null
  readonly outputSchema: JsonSchema | null
  readonly models: Readonly<Record<string, JsonSchema>>
  readonly scopes: readonly string[]
  readonly frequency: string | null
  readonly operations: readonly {
    readonly id: string
    readonly method: string
    readonly path: string
    readonly docs: string | null
  }[]
  /** Calls that changed the account in the recorded run. */
  readonly writes: number
}

type Described = {
  readonly integration: string
  readonly provider: Pick<Provider, 'displayName' | 'docs'>
  readonly functions: readonly DescribedFunction[]
}

/** The page that says what an integration can do and how to see for oneself that it does. */
export function readme({ integration, provider, functions }: Described): string {
  const scopes = [...new Set(functions.flatMap((one) => one.scopes))].sort()
  const rows = functions.map(
    (one) => `| [${one.id}](#${one.id}) | ${one.kind} | ${cell(one.description)} | ${one.writes} |`,
  )
  return [
    `# ${line(provider.displayName)} (${integration})`,
    '',
    `${functions.length} functions, built and verified by Plumb. ${provider.docs === undefined ? '' : `[API documentation](${provider.docs}).`}`.trim(),
    '',
    '| function | kind | what it does | writes |',
    '|---|---|---|---|',
    ...rows,
    '',
    `Scopes: ${scopes.length === 0 ? 'none declared' : scopes.map(code).join(', ')}.`,
    '',
    '## Run the tests',
    '',
    'Each test replays a recording of the real API strictly: the same requests, the same result.',
    '',
    '```',
    'npm install',
    'npx vitest run',
    '```',
    '',
    '`evidence.json` names, for every function, the attempt, the signed receipts, the checks and the cost.',
    ...functions.flatMap(section),
    '',
  ].join('\n')
}

function section(one: DescribedFunction): string[] {
  const models = Object.entries(one.models).flatMap(([name, schema]) =>
    fields(`Record ${name}`, schema),
  )
  return [
    '',
    `## ${one.id}`,
    '',
    line(one.description),
    '',
    ...one.operations.map(({ id, method, path, docs }) => {
      const name = docs === null ? code(id) : `[${code(id)}](${docs})`
      return `- Operation: ${name} (${code(`${method} ${path}`)})`
    }),
    ...(one.frequency === null ? [] : [`- Runs ${one.frequency}`]),
    ...(one.scopes.length === 0 ? [] : [`- Scopes: ${one.scopes.map(code).join(', ')}`]),
    ...fields('Input', one.inputSchema),
    ...(one.kind === 'sync' ? models : fields('Output', one.outputSchema)),
  ]
}

function fields(title: string, schema: JsonSchema | null): string[] {
  const properties = Object.entries(asSchema(schema?.['properties']) ?? {})
  if (properties.length === 0) return []
  const required = Array.isArray(schema?.['required']) ? schema['required'] : []
  const rows = properties.map(([name, member]) => {
    const property = asSchema(member)
    const text = property?.['description']
    return `| ${code(name)} | ${code(typeOf(property))} | ${required.includes(name) ? 'yes' : 'no'} | ${cell(typeof text === 'string' ? text : '')} |`
  })
  return ['', `${title}:`, '', '| field | type | required | |', '|---|---|---|---|', ...rows]
}

function typeOf(schema: JsonSchema | null): string {
  const alternatives = schema?.['anyOf'] ?? schema?.['oneOf']
  if (Array.isArray(alternatives)) {
    return alternatives.map((one: unknown) => typeOf(asSchema(one))).join(' or ')
  }
  const type = schema?.['type']
  if (type === 'array') return `${typeOf(asSchema(schema?.['items']))}[]`
  return typeof type === 'string' ? type : 'any'
}

function asSchema(value: unknown): JsonSchema | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonSchema)
    : null
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``
}

function line(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[<>]/g, (bracket) => (bracket === '<' ? '&lt;' : '&gt;'))
    .trim()
}

function cell(text: string): string {
  return line(text).replaceAll('|', '\\|')
}
