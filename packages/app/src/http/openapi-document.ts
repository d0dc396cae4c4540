import { apiContracts } from '@plumb/protocol'
import type { Contract, Json, JsonObject, Member } from '@plumb/protocol'
import { z } from 'zod'
import { statusOf } from './failure-status.js'

/** All contracts, group by group. */
export function allContracts(): readonly Contract[] {
  return Object.values(apiContracts).flatMap((group) => Object.values(group) as Contract[])
}

/** The OpenAPI 3.1 document of everything that the contracts describe. */
export function openapiDocument(version: string): JsonObject {
  const paths: Record<string, Record<string, Json>> = {}
  for (const contract of allContracts()) {
    const path = contract.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [contract.method.toLowerCase()]: operationOf(contract) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Plumb',
      version,
      description: 'Connections, proxy, actions, syncs and records.',
    },
    servers: [{ url: '/' }],
    security: [{ secretKey: [] }],
    paths,
    components: {
      securitySchemes: {
        secretKey: {
          ...{ type: 'http', scheme: 'bearer' },
          description: 'A secret key; `plumb keys create` makes one.',
        },
      },
      schemas: { Failure: failure },
    },
  }
}

const text = { type: 'string' }
const failure = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'remedy', 'docs'],
      properties: {
        code: { ...text, description: 'Names what happened, for programs.' },
        message: { ...text, description: 'What happened, with the offending value.' },
        remedy: { ...text, description: 'What to do about it.' },
        docs: { ...text, description: 'The page that explains the code.' },
        payload: {
          description: 'What programs read: issues with their paths, what an action threw.',
        },
      },
    },
  },
}

/** What every contract with a key, and every contract with input, may be answered. */
const always = ['internal'] as const

function operationOf(contract: Contract): JsonObject {
  const { name, summary, scope, status = 200 } = contract
  const [group = '', ...verb] = name.split(' ')
  return {
    operationId: [group, ...verb.map(capital)].join(''),
    summary,
    tags: [group],
    ...(scope === null
      ? { security: [] }
      : { description: `Needs a secret key with the scope \`${scope}\`.`, 'x-plumb-scope': scope }),
    parameters: Object.values(contract.input).filter(isParameter).map(parameterOf),
    ...bodyOf(contract),
    responses: { [String(status)]: successOf(contract), ...failuresOf(contract) },
  }
}

function isParameter({ place }: Member): boolean {
  return place === 'path' || place === 'query' || place === 'header'
}

function parameterOf({ place, name, schema }: Member): JsonObject {
  const { description, ...shape } = schemaOf(schema, 'input')
  return {
    ...{ name, in: place, required: place === 'path' || !schema.safeParse(undefined).success },
    ...(description !== undefined && { description }),
    schema: shape,
  }
}

function bodyOf({ input }: Contract): JsonObject {
  const members = Object.values(input)
  const payload = members.find(({ place }) => place === 'payload')
  const inBody = members.filter(({ place }) => place === 'body')
  if (payload === undefined && inBody.length === 0) return {}
  const schema = payload === undefined ? objectOf(inBody) : schemaOf(payload.schema, 'input')
  return { requestBody: { required: true, content: { 'application/json': { schema } } } }
}

function objectOf(members: readonly Member[]): JsonObject {
  const needed = members.filter(({ schema }) => !schema.safeParse(undefined).success)
  return {
    type: 'object',
    properties: Object.fromEntries(
      members.map(({ name, schema }) => [name, schemaOf(schema, 'input')]),
    ),
    ...(needed.length > 0 && { required: needed.map(({ name }) => name) }),
  }
}

function successOf({ output, status }: Contract): JsonObject {
  if (status === 204) return { description: 'Done.' }
  return {
    description: 'Done.',
    content: { 'application/json': { schema: schemaOf(output, 'output') } },
  }
}

/** By status: codes that share one are told in one description. */
function failuresOf({ failures, scope, input }: Contract): JsonObject {
  const codes = [
    ...(Object.keys(input).length > 0 ? (['input-invalid'] as const) : []),
    ...(scope === null ? [] : (['unauthorized', 'forbidden'] as const)),
    ...failures,
    ...always,
  ]
  const statuses = [...new Set(codes.map(statusOf))].sort()
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } }
  return Object.fromEntries(
    statuses.map((status) => {
      const of = [...new Set(codes.filter((code) => statusOf(code) === status))]
      return [String(status), { description: of.map((code) => `\`${code}\``).join(', '), content }]
    }),
  )
}

/** The JSON Schema of a zod schema; what has none (a date, a transform) is anything. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const shape: Record<string, unknown> = z.toJSONSchema(schema, {
    ...{ io, unrepresentable: 'any' },
    // Answers may gain members; whoever reads them has to expect that.
    override: ({ jsonSchema }) => {
      if (io === 'output' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties
    },
  })
  delete shape['$schema']
  delete shape['$defs']
  return withoutLocalRefs(shape as JsonObject) as JsonObject
}

/**
 * The one schema of ours that refers to itself is that of any JSON, which is no limit at all: a reference to a place
 * inside of one schema leads nowhere once the schema is part of a document.
 */
function withoutLocalRefs(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(withoutLocalRefs)
  if (typeof schema !== 'object' || schema === null) return schema
  const { $ref } = schema as JsonObject
  if (typeof $ref === 'string' && $ref.startsWith('#/$defs/')) return {}
  const members = Object.entries(schema).map(([name, value]) => [name, withoutLocalRefs(value)])
  return Object.fromEntries(members) as JsonObject
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
