import type { AccountAnswer } from '../server/account-request.js'

type ErrorBody = {
  readonly message: string
  readonly category: string
  readonly [member: string]: unknown
}

/** One of HubSpot's error answers. */
export function hubspotError(status: number, body: ErrorBody): AccountAnswer {
  return { status, body: { status: 'error', correlationId: correlationId(body.message), ...body } }
}

export const notFound = (): AccountAnswer =>
  hubspotError(404, { message: 'resource not found', category: 'OBJECT_NOT_FOUND' })

export const invalid = (message: string): AccountAnswer =>
  hubspotError(400, { message, category: 'VALIDATION_ERROR' })

/** Looks like one, and is the same for the same message. */
function correlationId(message: string): string {
  const sum = [...message].reduce((total, sign) => (total * 31 + sign.charCodeAt(0)) >>> 0, 7)
  const hex = sum.toString(16).padStart(8, '0')
  return `${hex}-0000-4000-8000-${hex}0000`
}
