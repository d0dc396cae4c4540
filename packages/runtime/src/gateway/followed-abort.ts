/** Aborts what it is asked to abort, and with `leader`, until it is let go. */
export type FollowedAbort = {
  readonly signal: AbortSignal
  abort(reason: unknown): void
  letGo(): void
}

/** `AbortSignal.any` for something that ends soon: every execution makes one, so it has to be cheap. */
export function followAbort(leader: AbortSignal | undefined): FollowedAbort {
  const own = new AbortController()
  const abort = (reason: unknown): void => own.abort(reason)
  const follow = (): void => abort(leader?.reason)
  if (leader?.aborted === true) follow()
  else leader?.addEventListener('abort', follow, { once: true })
  return { signal: own.signal, abort, letGo: () => leader?.removeEventListener('abort', follow) }
}
