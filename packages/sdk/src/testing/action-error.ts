/**
 * `ctx.ActionError` as recordings know it: what a function catches and returns has no message, and the payload is what
 * the constructor was given.
 */
export class ActionError extends Error {
  readonly type = 'action_script_runtime_error'
  readonly payload: unknown

  constructor(payload?: unknown) {
    super()
    this.payload = payload
    const { message } = (payload ?? {}) as { message?: unknown }
    // The stack is what a failing test prints.
    this.stack = (this.stack ?? '').replace(
      /^Error/,
      `ActionError: ${typeof message === 'string' ? message : ''}`,
    )
  }
}
