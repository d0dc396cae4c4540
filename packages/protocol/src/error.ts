/** Every way Plumb fails for a reason a user can act on. Append only. */
export const errorCodes = [
  'usage',
  'internal',
  'cancelled',
  'config-invalid',
  'brief-not-found',
  'brief-invalid',
  'api-description-invalid',
  'api-description-missing',
  'provider-unknown',
  'provider-invalid',
  'connection-unknown',
  'connection-invalid',
  'credential-refresh-failed',
  'database-unavailable',
  'database-version',
  'database-migration',
  'keys-invalid',
  'disk-full',
  'sandbox-unavailable',
  'sandbox-failed',
  'runner-protocol',
  'host-not-allowed',
  'request-invalid',
  'provider-unreachable',
  'replay-unknown-request',
  'replay-unused-recording',
  'receipt-invalid',
  'function-not-found',
  'function-invalid',
  'workspace-invalid',
  'submission-invalid',
  'harness-unavailable',
  'harness-failed',
  'model-unknown',
  'model-key-missing',
  'run-not-found',
  'attempt-not-found',
  'output-invalid',
  'port-in-use',
  'build-running',
  'input-invalid',
  'remote-unreachable',
  'remote-unauthorized',
  'file-exists',
  'fixture-not-repeatable',
  'credentials-refused',
  'outside-call-refused',
  'service-missing',
  'checkpoint-conflict',
  'fixture-missing',
  'replay-difference',
  'finding-not-found',
  'waiver-refused',
  'unauthorized',
  'forbidden',
  'route-unknown',
  'request-too-large',
  'server-stopping',
  'environment-unknown',
  'environment-exists',
  'key-unknown',
  'deployment-unknown',
  'deployment-invalid',
  'deployment-refused',
  'deployment-conflict',
  'action-failed',
  'action-provider-failed',
  'action-timed-out',
  'action-crashed',
  'action-interrupted',
  'action-unknown',
  'action-pending',
  'access-lost',
  'idempotency-conflict',
  'idempotency-in-progress',
  'operation-unknown',
  'operation-lost',
  'engine-open',
  'engine-lost',
  'work-abandoned',
  'sync-unknown',
  'sync-invalid',
  'sync-failed',
  'sync-budget-spent',
  'session-invalid',
  'integration-not-allowed',
  'authorization-failed',
  'account-refused',
  'integration-in-use',
  'integration-exists',
  'keys-in-use',
  'variable-unknown',
  'file-inaccessible',
  'method-unknown',
] as const

export type ErrorCode = (typeof errorCodes)[number]

export type ErrorDetails = {
  readonly code: ErrorCode
  /** What happened, with the offending value. */
  readonly message: string
  /** What to do about it. */
  readonly remedy: string
  /** What programs read: validation issues with their paths, what an action threw, a provider's answer. */
  readonly payload?: unknown
  readonly cause?: unknown
}

const [longestWord, longestText, shownOfWord] = [1000, 20_000, 200]

/** Values of callers stand in errors, and so in answers and logs: nobody needs a megabyte of one repeated to find it. */
function readable(text: string): string {
  if (text.length <= longestWord) return text
  let told = ''
  let from = 0
  // Without a quantifier: of a word of megabytes one would have no stack left.
  for (const space = /\s/g; from < text.length && told.length <= longestText;) {
    space.lastIndex = from
    const end = space.exec(text)?.index ?? text.length
    const word = text.slice(from, end)
    told += word.length <= longestWord ? word : cut(word, shownOfWord)
    told += text.slice(end, end + 1)
    from = end + 1
  }
  return told.length <= longestText ? told : cut(told, longestText, text.length)
}

function cut(text: string, length: number, all = text.length): string {
  // Half of a surrogate pair could not be stored.
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}... (${all} characters)`
}

/** The one class Plumb throws on purpose; mapped to exit codes and HTTP in one place each. */
export class PlumbError extends Error {
  override readonly name = 'PlumbError'
  readonly code: ErrorCode
  readonly remedy: string
  readonly payload: unknown

  constructor(details: ErrorDetails) {
    super(readable(details.message), details.cause === undefined ? {} : { cause: details.cause })
    this.code = details.code
    this.remedy = readable(details.remedy)
    this.payload = details.payload
  }

  /** Path of the page that explains the code. */
  get docs(): string {
    return `docs/errors.md#${this.code}`
  }
}

/** What was thrown; of what nobody expected, only that it happened: its text belongs into the server's own log. */
export function asPlumbError(thrown: unknown): PlumbError {
  if (thrown instanceof PlumbError) return thrown
  return new PlumbError({
    code: 'internal',
    message: 'Something broke inside Plumb.',
    remedy: 'Look at what the server or the command printed.',
    cause: thrown,
  })
}

/** What a function is told that asks for secrets without permission; `what` reads like `getToken`. */
export function credentialsRefused(what: string): PlumbError {
  return new PlumbError({
    code: 'credentials-refused',
    message: `A function asked for ${what}, and this project does not allow functions to read credentials.`,
    remedy:
      'Call the API with get, post, put, patch, delete or proxy: the gateway adds the credential. ' +
      'A person may allow it with `allow: { credentials: true }` in plumb.config.ts.',
  })
}
