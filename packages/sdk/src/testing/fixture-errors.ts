import { PlumbError } from '@plumb/protocol'
import type { CompatIdentity } from './compat-identity.js'

/** A result that the test asks for and the fixture does not hold. */
export function fixtureMissing(what: string, file: string, cause?: unknown): PlumbError {
  const reason = cause instanceof Error ? ` (${cause.message})` : ''
  return new PlumbError({
    code: 'fixture-missing',
    message: `There is no recorded ${what} in ${file}${reason}.`,
    remedy: 'Record the function again, or correct the name that the test gives to the mock.',
    ...(cause === undefined ? {} : { cause }),
  })
}

/** A call that no recording answers; `known` are those that there are. */
export function callMissing(identity: CompatIdentity, file: string, known: readonly string[]) {
  const { method, endpoint, ...rest } = identity
  const asked = `${method.toUpperCase()} ${endpoint} ${JSON.stringify(rest)}`
  const told = known.length === 0 ? 'nothing' : known.slice(0, 8).join('; ')
  return new PlumbError({
    code: 'replay-unknown-request',
    message: `No recording of ${asked} in ${file}. Recorded for it: ${told}.`,
    remedy: 'Make the same call as in the recorded run, or record the function again.',
  })
}
