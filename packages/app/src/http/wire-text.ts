import type { z } from 'zod'
import { baseSchema } from '../api/base-schema.js'

const structured = new Set(['object', 'record', 'unknown', 'any', 'json', 'lazy', 'union'])

/**
 * The value that a text of a path, a query or a header stands for, by the type that is expected there. What is no
 * such value stays as it came, for the error to show.
 */
export function valueOfText(text: string, schema: z.ZodType): unknown {
  const { type, element } = baseSchema(schema)
  if (type === 'number')
    return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  if (type === 'boolean') return booleanOf(text)
  if (type === 'array' && text === '') return []
  if (type === 'array') return text.split(',').map((item) => itemOf(item.trim(), element))
  if (structured.has(type)) return jsonOrText(text)
  return text
}

/** The value of a query member that may be repeated (`ids=a&ids=b`). */
export function valueOfTexts(texts: readonly string[], schema: z.ZodType): unknown {
  const { type, element } = baseSchema(schema)
  const [first = ''] = texts
  if (texts.length === 1 || type !== 'array') return valueOfText(first, schema)
  return texts.map((item) => itemOf(item, element))
}

function itemOf(text: string, element: z.ZodType | undefined): unknown {
  return element === undefined ? text : valueOfText(text, element)
}

function booleanOf(text: string): unknown {
  if (/^(true|1)$/i.test(text)) return true
  return /^(false|0)$/i.test(text) ? false : text
}

function jsonOrText(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
