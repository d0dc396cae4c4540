import { expect, test } from 'vitest'
import { resolveModel } from './resolve-model.js'

const offline = { url: 'http://127.0.0.1:1/v1', apiKey: 'k', model: 'rules' }

test('the offline model is its endpoint, and only under its own name', () => {
  expect(resolveModel('offline/rules', { environment: {}, offline })).toMatchObject({
    provider: 'offline',
    model: 'rules',
    baseUrl: offline.url,
  })
  expect(() => resolveModel('offline/other', { environment: {}, offline })).toThrow(
    /"offline\/other"/,
  )
  expect(() => resolveModel('offline/rules', { environment: {} })).toThrow(/cannot|not a model/)
})

test('a provider takes its key from the environment; the model may hold slashes', () => {
  const environment = { OPENROUTER_API_KEY: 'secret' }
  expect(resolveModel('openrouter/vendor/model', { environment })).toMatchObject({
    provider: 'openrouter',
    model: 'vendor/model',
    apiKey: 'secret',
  })
})

test.each([
  ['anthropic/some-model', 'model-key-missing', /ANTHROPIC_API_KEY/],
  ['nobody/model', 'model-unknown', /"nobody\/model"/],
  ['anthropic', 'model-unknown', /"anthropic"/],
  ['constructor/x', 'model-unknown', /"constructor\/x"/],
])('%s is refused as %s', (name, code, message) => {
  const resolve = () => resolveModel(name, { environment: {} })
  expect(resolve).toThrow(message)
  expect(resolve).toThrow(expect.objectContaining({ code }))
})
