import { apiContracts } from '@plumb/protocol'
import type { Json, JsonObject } from '@plumb/protocol'
import { expect, test } from 'vitest'
import { allContracts, openapiDocument } from '../http/openapi-document.js'
import { statusOf } from '../http/failure-status.js'
import { apiHandlers } from './index.js'

const contracts = allContracts()

test('every contract has one handler, and every handler a contract that is known', () => {
  const names = contracts.map(({ name }) => name)
  expect(apiHandlers.map(({ contract }) => contract.name).sort()).toEqual([...names].sort())
  expect(new Set(names).size).toBe(names.length)
  for (const { contract } of apiHandlers) expect(contracts).toContain(contract)
})

test('a command and the method of the client have the same two words', () => {
  const kebab = (word: string) => word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  for (const [group, verbs] of Object.entries(apiContracts)) {
    for (const [verb, { name }] of Object.entries(verbs))
      expect(name).toBe(`${group} ${kebab(verb)}`)
  }
})

test('no two contracts share a route', () => {
  const routes = contracts.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`)
  expect(new Set(routes).size).toBe(routes.length)
})

test('path members are those of the path, and reading takes no body', () => {
  for (const { name, method, path, input } of contracts) {
    const members = Object.values(input)
    const inPath = members.filter(({ place }) => place === 'path').map((member) => member.name)
    expect(inPath.sort(), name).toEqual([...path.matchAll(/:(\w+)/g)].map(([, one]) => one).sort())
    const bodies = members.filter(({ place }) => place === 'body' || place === 'payload')
    if (method === 'GET') expect(bodies, name).toEqual([])
  }
})

test('what callers have to expect is no defect of ours', () => {
  for (const { name, failures } of contracts) {
    for (const code of failures) expect(statusOf(code), `${name}: ${code}`).not.toBe(500)
  }
})

test('the OpenAPI document has every route with its answer and its failures', () => {
  const { paths, openapi } = openapiDocument('1.2.3') as {
    openapi: string
    paths: Record<string, Record<string, { responses: object; operationId: string }>>
  }
  expect(openapi).toBe('3.1.0')
  const ids: string[] = []
  for (const { method, path, status = 200, scope, name } of contracts) {
    const operation = paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
    const expected = [String(status), ...(scope === null ? [] : ['401', '403']), '500']
    expect(Object.keys(operation?.responses ?? {}), name).toEqual(expect.arrayContaining(expected))
    ids.push(operation?.operationId ?? '')
  }
  expect(new Set(ids).size).toBe(contracts.length)
})

test('every reference of the OpenAPI document leads somewhere in it', () => {
  const document = openapiDocument('1.2.3')
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)]
  expect(references.length).toBeGreaterThan(100)
  for (const [, path = ''] of references) {
    const found = path
      .split('/')
      .reduce<Json | undefined>((at, name) => memberOf(at, name), document)
    expect(found, path).toBeDefined()
  }
})

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return typeof value === 'object' && value !== null ? (value as JsonObject)[name] : undefined
}
