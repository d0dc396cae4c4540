import { PlumbError } from '@plumb/protocol'
import type { FunctionError } from '@plumb/protocol'
import { z } from 'zod'
import { ActionError } from '../action-error.js'
import { HttpError } from '../http-error.js'
import { issuesOf, ValidationError } from '../validation-error.js'

const longestText = 4000
const longestPayload = 20_000

type Told = Pick<FunctionError, 'type' | 'payload' | 'status'>

/** Whatever a function threw, as data; `fileName` selects the stack frames that are its own. */
export function functionError(thrown: unknown, fileName: string): FunctionError {
  const error = thrown instanceof Error ? thrown : new Error(`A value was thrown: ${show(thrown)}`)
  const { type, payload, status } = tell(error)
  const message = String(error.message).slice(0, longestText)
  return { type, message, payload: bounded(payload), status, stack: ownFrames(error, fileName) }
}

function tell(error: Error): Told {
  if (error instanceof ActionError) {
    return { type: 'action-error', payload: error.payload, status: null }
  }
  if (error instanceof HttpError) {
    const { code, status = null, response } = error
    return { type: 'http-error', payload: { code, data: response?.data ?? null }, status }
  }
  if (error instanceof ValidationError) {
    return { type: 'validation', payload: { issues: error.issues }, status: null }
  }
  if (error instanceof z.core.$ZodError) {
    return { type: 'validation', payload: { issues: issuesOf(error) }, status: null }
  }
  if (error instanceof PlumbError) {
    const { code, remedy } = error
    return { type: 'plumb-error', payload: { code, remedy }, status: null }
  }
  return { type: 'error', payload: null, status: null }
}

function show(value: unknown): string {
  try {
    return String(JSON.stringify(value) ?? value)
  } catch {
    return typeof value
  }
}

/** A payload that survives JSON and is not too large to keep. */
function bounded(payload: unknown): unknown {
  try {
    const text = JSON.stringify(payload) ?? 'null'
    if (text.length <= longestPayload) return JSON.parse(text) as unknown
    return { truncated: text.slice(0, longestPayload) }
  } catch (error) {
    return { unreadable: String(error) }
  }
}

function ownFrames(error: Error, fileName: string): string | null {
  const frames = String(error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && line.includes(fileName))
  return frames.length === 0 ? null : frames.slice(0, 20).join('\n')
}
