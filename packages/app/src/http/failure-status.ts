import type { ErrorCode } from '@plumb/protocol'

/** The HTTP status of each error code that can reach a client; what is not here is a defect of ours (500). */
const statuses: Partial<Readonly<Record<ErrorCode, number>>> = {
  usage: 400,
  cancelled: 499,
  'config-invalid': 400,
  'brief-invalid': 400,
  'api-description-invalid': 400,
  'api-description-missing': 400,
  'provider-unknown': 404,
  'provider-invalid': 400,
  'connection-unknown': 404,
  'connection-invalid': 400,
  'credential-refresh-failed': 424,
  'database-unavailable': 503,
  'disk-full': 507,
  'sandbox-unavailable': 503,
  'sandbox-failed': 500,
  'host-not-allowed': 400,
  'request-invalid': 400,
  'provider-unreachable': 502,
  'function-not-found': 404,
  'function-invalid': 400,
  'run-not-found': 404,
  'attempt-not-found': 404,
  'input-invalid': 400,
  'credentials-refused': 403,
  'outside-call-refused': 403,
  'service-missing': 400,
  'checkpoint-conflict': 409,
  unauthorized: 401,
  forbidden: 403,
  'route-unknown': 404,
  'request-too-large': 413,
  'server-stopping': 503,
  'environment-unknown': 404,
  'environment-exists': 409,
  'key-unknown': 404,
}

/** The HTTP status that a failure with this code is answered with. */
export function statusOf(code: ErrorCode): number {
  return statuses[code] ?? 500
}
