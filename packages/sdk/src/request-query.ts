import type { ProxyConfiguration } from './proxy-configuration.js'

type Pair = [string, string]

/** `params` as name and value in order; lists comma-joined, nothing for null and undefined. */
export function queryPairs(params: ProxyConfiguration['params']): Pair[] {
  if (params === undefined) return []
  if (typeof params === 'string') return [...new URLSearchParams(params)]
  if (isPairs(params)) return Array.from(params, ([name, value]) => [name, value])
  return Object.entries(params).flatMap(([name, value]) => pairsOf(name, value))
}

function pairsOf(name: string, value: unknown): Pair[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return [[name, value.filter(isGiven).map(textOf).join(',')]]
  if (typeof value === 'object' && !(value instanceof Date)) {
    return Object.entries(value).flatMap(([key, inner]) => pairsOf(`${name}[${key}]`, inner))
  }
  return [[name, textOf(value)]]
}

function isPairs(params: object): params is Iterable<readonly [string, string]> {
  return Symbol.iterator in params
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined
}

/** A scalar as it stands in a query or form. */
export function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  return String(value)
}
