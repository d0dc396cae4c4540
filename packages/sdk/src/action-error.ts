/**
 * The error a function throws on purpose: `throw new ctx.ActionError({ type: 'not_found', message })`.
 * Its payload reaches the caller unchanged.
 */
export class ActionError<T = Record<string, unknown>> extends Error {
  override readonly name = 'ActionError'
  readonly type: string
  readonly payload: Readonly<Record<string, unknown>>

  constructor(payload?: T) {
    const told = (payload ?? {}) as Readonly<Record<string, unknown>>
    super(typeof told['message'] === 'string' ? told['message'] : JSON.stringify(told))
    this.type = typeof told['type'] === 'string' ? told['type'] : 'action_error'
    this.payload = told
  }
}
