import { fn } from '@vitest/spy'

/** A copy in which every function is a mock that answers nothing, and every array is empty. */
export function automock(value: unknown): unknown {
  if (typeof value === 'function') return automockFunction(value)
  if (Array.isArray(value)) return []
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<PropertyKey, unknown> = {}
  for (const key of Reflect.ownKeys(value)) {
    copy[key] = automock((value as Record<PropertyKey, unknown>)[key])
  }
  if ('__esModule' in value) Object.defineProperty(copy, '__esModule', { value: true })
  return copy
}

function automockFunction(value: object): unknown {
  const mock = fn()
  const prototype = (value as { prototype?: object }).prototype
  if (!prototype) return mock
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (name !== 'constructor') Object.assign(mock.prototype as object, { [name]: fn() })
  }
  return mock
}
