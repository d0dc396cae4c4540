/**
 * The error a function throws on purpose: `throw new ctx.ActionError({ type: 'not_found', message })`.
 * Its payload reaches the caller unchanged.
 */
export class ActionError extends Error {
  override readonly name = 'ActionError'
  readonly type: string
  readonly payload: Readonly<Record<string, unknown>>

  constructor(payload: Readonly<Record<string, unknown>> = {}) {
    super(typeof payload['message'] === 'string' ? payload['message'] : JSON.stringify(payload))
    this.type = typeof payload['type'] === 'string' ? payload['type'] : 'action_error'
    this.payload = payload
  }
}
