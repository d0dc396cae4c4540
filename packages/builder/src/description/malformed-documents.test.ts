import type { ApiDescription } from '@plumb/protocol'
import { describe, expect, test } from 'vitest'
import { parseApiDescription } from './load-api-description.js'

const parse = (document: unknown): ApiDescription =>
  parseApiDescription('api.json', JSON.stringify(document))

const openapi = (paths: unknown, rest: object = {}): object => ({
  openapi: '3.0.0',
  info: { title: 'T', version: '1' },
  paths,
  ...rest,
})

describe('malformed documents', () => {
  test.each([
    ['{ "openapi": "3.0.0", ', 'api.json:1:'],
    ['[]', 'does not hold an object at its root'],
    ['{"openapi":"4.0.0","paths":{}}', '"openapi": "4.0.0"'],
    ['{"name":"x"}', 'none of "openapi", "swagger" and "discoveryVersion"'],
    ['{"openapi":"3.0.0","paths":{}}', 'describes no operation'],
    ['{"openapi":"3.0.0","paths":[]}', '#/paths: must be an object'],
    ['{"openapi":"3.0.0","paths":{"/a":{"get":3}}}', '#/paths/~1a/get: must be an object'],
    [
      '{"openapi":"3.0.0","paths":{"/a":{"get":{"parameters":[{"in":"query"}],"responses":{}}}}}',
      'parameters/0: has no "name"',
    ],
    ['{"openapi":"3.0.0","paths":{"/a":{"$ref":"other.yaml"}}}', 'refers to "other.yaml"'],
    [
      '{"openapi":"3.0.0","paths":{"/a":{"get":{"responses":{"200":{"$ref":"#/nowhere"}}}}}}',
      'refers to "#/nowhere"',
    ],
  ])('%s', (text, message) => {
    expect(() => parseApiDescription('api.json', text)).toThrow(message)
  })

  test('a prototype key changes nothing', () => {
    const text =
      '{"openapi":"3.0.0","__proto__":{"polluted":1},"paths":{"/a":{"get":{"responses":{}}}},"components":{"schemas":{"__proto__":{"type":"object"},"A":{"type":"object","properties":{"__proto__":{"type":"string"}}}}}}'
    const description = parseApiDescription('api.json', text)
    expect(Object.keys(description.schemas)).toEqual(['A'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('references in circles and deep nesting come to an end', () => {
    let deep: object = { type: 'string' }
    for (let i = 0; i < 500; i += 1) deep = { type: 'array', items: deep }
    const circle = { $ref: '#/paths/~1a/get/responses/200/content/application~1json/schema' }
    const responses = {
      '200': {
        content: {
          'application/json': { schema: { type: 'object', properties: { deep, circle } } },
        },
      },
    }
    expect(parse(openapi({ '/a': { get: { responses } } })).operations).toHaveLength(1)
  })

  test('aliases that explode are refused', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 9; i += 1)
      lines.push(
        `a${i}: &a${i} [${Array<string>(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      )
    expect(() => parseApiDescription('bomb.yaml', lines.join('\n'))).toThrow('cannot be expanded')
  })
})
