import { pathToFileURL } from 'node:url'
import { writeFileSync } from 'node:fs'
import type { CalendarOperation, QueryParameter } from './calendar-operation.js'
import { basePath, operations } from './handle-calendar-request.js'
import { calendarSchemas } from './schemas.js'

const pathParameters: Readonly<Record<string, string>> = {
  calendarId: 'Id of the calendar; primary is the primary calendar of the user.',
  eventId: 'Id of the event.',
  ruleId: 'Id of the access rule.',
  setting: 'Name of the setting.',
}

function describePath(path: string): unknown[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '')
  return names.map((name) => ({
    name,
    in: 'path',
    required: true,
    description: pathParameters[name] ?? '',
    schema: { type: 'string' },
  }))
}

function describeQuery(parameter: QueryParameter): unknown {
  const { name, description, required, repeated, type, format, values, minimum, maximum } =
    parameter
  const schema = {
    type,
    ...(format ? { format } : {}),
    ...(values ? { enum: values } : {}),
    ...(minimum === undefined ? {} : { minimum, maximum }),
  }
  return {
    name,
    in: 'query',
    ...(required ? { required } : {}),
    description,
    schema: repeated ? { type: 'array', items: schema } : schema,
    ...(repeated ? { style: 'form', explode: true } : {}),
  }
}

const json = (name: string) => ({
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
})

function describeOperation(operation: CalendarOperation): unknown {
  const { id, summary, description, scopes, path, query, request, response } = operation
  const [, resource = '', verb = ''] = id.split('.')
  return {
    operationId: id,
    summary,
    description: description ?? summary,
    tags: [resource],
    externalDocs: {
      url: `https://developers.google.com/workspace/calendar/api/v3/reference/${resource}/${verb}`,
    },
    security: scopes.map((scope) => ({ oauth2: [scope] })),
    parameters: [...describePath(path), ...query.map(describeQuery)],
    ...(request ? { requestBody: { required: true, ...json(request) } } : {}),
    responses: response
      ? { 200: { description: 'Success', ...json(response) } }
      : { 204: { description: 'Success, without a body' } },
  }
}

function oauth2(): unknown {
  const scopes = [...new Set(operations.flatMap((operation) => operation.scopes))].sort()
  const flow = {
    authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    scopes: Object.fromEntries(scopes.map((scope) => [scope, ''])),
  }
  return { type: 'oauth2', flows: { authorizationCode: flow } }
}

const lines = (entries: readonly (readonly [string, unknown])[]): string =>
  entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',\n')

/** The OpenAPI description of what the account answers, one line for each operation and schema. */
export function describeCalendar(): string {
  const paths = [...new Set(operations.map(({ path }) => path))].map((path) => {
    const here = operations.filter((operation) => operation.path === path)
    const items = here.map((one) => [one.method.toLowerCase(), describeOperation(one)] as const)
    return `${JSON.stringify(basePath + path)}:{\n${lines(items)}}`
  })
  const info = { title: 'Google Calendar API', version: 'v3' }
  const servers = [{ url: 'https://www.googleapis.com' }]
  return [
    `{"openapi":"3.0.3","info":${JSON.stringify(info)},"servers":${JSON.stringify(servers)},`,
    `"paths":{\n${paths.join(',\n')}},`,
    `"components":{"securitySchemes":${JSON.stringify({ oauth2: oauth2() })},`,
    `"schemas":{\n${lines(Object.entries(calendarSchemas))}}}}\n`,
  ].join('\n')
}

const [, script, target] = process.argv
if (script && target && import.meta.url === pathToFileURL(script).href)
  writeFileSync(target, describeCalendar())
