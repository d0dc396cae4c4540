import type { ApiDescription, Operation } from '@plumb/protocol'
import { describe, expect, test } from 'vitest'
import type { LoadOptions } from './load-api-description.js'
import { parseApiDescription } from './load-api-description.js'

const parse = (document: unknown, options: LoadOptions = {}): ApiDescription =>
  parseApiDescription('api.json', JSON.stringify(document), options)

const only = (description: ApiDescription): Operation => {
  expect(description.operations).toHaveLength(1)
  return description.operations[0] as Operation
}

const openapi = (paths: unknown, rest: object = {}): object => ({
  openapi: '3.0.0',
  info: { title: 'T', version: '1' },
  paths,
  ...rest,
})

describe('OpenAPI 3', () => {
  test('path parameters, references and content become one operation', () => {
    const document = openapi(
      {
        '/users/{id}/notes': {
          parameters: [{ $ref: '#/components/parameters/Id' }],
          post: {
            operationId: 'addNote',
            security: [{ oauth: ['notes:write'] }, { key: [] }],
            requestBody: {
              content: {
                'text/xml': {},
                'application/json': { schema: { $ref: '#/components/schemas/Note' } },
              },
            },
            responses: {
              '201': {
                description: 'made',
                content: { 'application/json': { schema: { $ref: '#/components/schemas/Note' } } },
              },
            },
          },
        },
      },
      {
        servers: [
          { url: 'https://{region}.api.test/v1', variables: { region: { default: 'eu' } } },
        ],
        components: {
          parameters: {
            Id: { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
          },
          schemas: {
            Note: { type: 'object', properties: { text: { type: 'string', nullable: true } } },
          },
          securitySchemes: { oauth: { type: 'oauth2' }, key: { type: 'apiKey' } },
        },
      },
    )
    const description = parse(document)
    expect(description.baseUrl).toBe('https://eu.api.test/v1')
    expect(only(description)).toMatchObject({
      id: 'addNote',
      method: 'POST',
      path: '/users/{id}/notes',
      scopes: [['notes:write']],
      parameters: [{ name: 'id', in: 'path', required: true }],
      requestBody: { contentType: 'application/json', schema: { $ref: '#/schemas/Note' } },
      responses: [{ status: '201', schema: { $ref: '#/schemas/Note' } }],
    })
    expect(description.schemas.Note).toEqual({
      type: 'object',
      properties: { text: { type: ['string', 'null'] } },
    })
  })

  test('allOf merges, also through references and circles', () => {
    const { schemas } = parse(
      openapi(
        { '/a': { get: { responses: {} } } },
        {
          components: {
            schemas: {
              Base: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
              Pet: {
                allOf: [
                  { $ref: '#/components/schemas/Base' },
                  {
                    properties: { mate: { $ref: '#/components/schemas/Pet' } },
                    required: ['mate'],
                  },
                ],
              },
              Self: { allOf: [{ $ref: '#/components/schemas/Self' }, { type: 'object' }] },
            },
          },
        },
      ),
    )
    expect(schemas.Pet).toEqual({
      type: 'object',
      required: ['id', 'mate'],
      properties: { id: { type: 'string' }, mate: { $ref: '#/schemas/Pet' } },
    })
    expect(schemas.Self).toHaveProperty('allOf')
  })

  test('undeclared path parameters are added, duplicate ids replaced, credentials left out', () => {
    const query = {
      name: 'token',
      in: 'query',
      description: 'Authentication token',
      schema: { type: 'string' },
    }
    const description = parse(
      openapi({
        '/a/{x}': { get: { operationId: 'same', parameters: [query], responses: {} } },
        '/b': { get: { operationId: 'same', responses: {} } },
      }),
    )
    expect(description.operations.map(({ id }) => id)).toEqual(['same', 'GET /b'])
    expect(description.operations[0]?.parameters.map(({ name }) => name)).toEqual(['x'])
  })
})

describe('the provider base URL', () => {
  const paths = { '/calendar/v3/events': { get: { responses: {} } } }
  test.each([
    ['https://www.test/calendar/v3', 'https://www.test', '/events'],
    ['https://www.test', 'https://www.test', '/calendar/v3/events'],
    ['https://www.test', 'https://www.test/api', '/api/calendar/v3/events'],
    ['https://${connectionConfig.name}.test/api/', 'https://x.test/api', '/calendar/v3/events'],
    ['https://www.test/calend', 'https://www.test', '/calendar/v3/events'],
  ])('%s with a document on %s gives %s', (baseUrl, server, path) => {
    const description = parse(openapi(paths, { servers: [{ url: server }] }), { baseUrl })
    expect(only(description).path).toBe(path)
  })
})

test('Swagger 2: body, form, collection formats, base path', () => {
  const description = parse({
    swagger: '2.0',
    info: { title: 'S', version: 2 },
    host: 'api.test',
    basePath: '/v2',
    consumes: ['application/json'],
    paths: {
      '/pets': {
        get: {
          parameters: [
            {
              name: 'tags',
              in: 'query',
              type: 'array',
              items: { type: 'string' },
              collectionFormat: 'multi',
            },
          ],
          responses: { 200: { schema: { type: 'array', items: { $ref: '#/definitions/Pet' } } } },
        },
        post: {
          operationId: 'form',
          parameters: [{ name: 'name', in: 'formData', type: 'string', required: true }],
          responses: {},
        },
        put: {
          operationId: 'body',
          parameters: [
            { name: 'pet', in: 'body', required: true, schema: { $ref: '#/definitions/Pet' } },
          ],
          responses: {},
        },
      },
    },
    definitions: { Pet: { type: 'object', properties: { id: { type: 'integer' } } } },
  })
  const [get, post, put] = description.operations
  expect(description.baseUrl).toBe('https://api.test/v2')
  expect(get?.parameters[0]).toMatchObject({ style: 'form', explode: true })
  expect(get?.responses[0]?.schema).toEqual({ type: 'array', items: { $ref: '#/schemas/Pet' } })
  expect(post?.requestBody).toMatchObject({
    contentType: 'application/x-www-form-urlencoded',
    schema: { required: ['name'] },
  })
  expect(put?.requestBody).toMatchObject({
    contentType: 'application/json',
    schema: { $ref: '#/schemas/Pet' },
  })
})

test('Google Discovery: nested resources, reserved paths, repeated parameters, scopes', () => {
  const description = parse({
    kind: 'discovery#restDescription',
    rootUrl: 'https://x.test/',
    servicePath: 'cal/v3/',
    schemas: {
      Events: {
        id: 'Events',
        type: 'object',
        properties: {
          items: { type: 'array', items: { $ref: 'Event' } },
          nextPageToken: { type: 'string' },
        },
      },
      Event: { id: 'Event', type: 'object', properties: { id: { type: 'string' } } },
    },
    resources: {
      calendars: {
        resources: {
          events: {
            methods: {
              list: {
                id: 'cal.events.list',
                path: 'calendars/{+calendarId}/events',
                httpMethod: 'GET',
                parameters: {
                  calendarId: { type: 'string', required: true, location: 'path' },
                  types: { type: 'string', repeated: true, location: 'query' },
                  maxResults: { type: 'integer', maximum: '2500', location: 'query' },
                  pageToken: { type: 'string', location: 'query' },
                  updatedMin: { type: 'string', location: 'query' },
                },
                response: { $ref: 'Events' },
                scopes: ['a', 'b'],
              },
            },
          },
        },
      },
    },
  })
  expect(description.baseUrl).toBe('https://x.test/cal/v3/')
  const operation = only(description)
  expect(operation).toMatchObject({
    id: 'cal.events.list',
    path: '/calendars/{calendarId}/events',
    scopes: [['a'], ['b']],
    incrementalParameter: 'updatedMin',
    pagination: {
      type: 'cursor',
      cursor_name_in_request: 'pageToken',
      cursor_path_in_response: 'nextPageToken',
      response_path: 'items',
      limit: 100,
    },
  })
  const styles = Object.fromEntries(operation.parameters.map(({ name, style }) => [name, style]))
  expect(styles).toMatchObject({ calendarId: 'reserved', types: 'form' })
})

test('YAML is read like JSON', () => {
  const text =
    'openapi: 3.1.0\ninfo: { title: Y, version: 1.5 }\npaths:\n  /a:\n    get:\n      responses: {}\n'
  expect(parseApiDescription('a.yaml', text)).toMatchObject({ title: 'Y', version: '1.5' })
})
