import { errorCodes, PlumbError } from '@plumb/protocol'
import type { ErrorCode, FunctionError, FunctionOutcome, KillReason } from '@plumb/protocol'
import type { ActionOutcome } from './actions.js'

type Failed = Extract<ActionOutcome, { kind: 'failed' }>
type Told = Omit<Failed, 'kind' | 'operationId'>

/** How an action ended, as its caller is told. */
export function actionOutcome(
  action: string,
  outcome: FunctionOutcome,
  operationId: string,
): ActionOutcome {
  if (outcome.kind === 'returned') return { kind: 'returned', output: outcome.output, operationId }
  const told = outcome.kind === 'killed' ? killed(action, outcome) : threw(action, outcome.error)
  return { kind: 'failed', ...told, operationId }
}

/** The failure as an error to throw. */
export function actionFailure({ code, message, remedy, payload }: Failed): PlumbError {
  return new PlumbError({
    ...{ code, message, remedy },
    ...(payload !== null && payload !== undefined && { payload }),
  })
}

/** The failure of an action that never reached its function. */
export function failedBefore(error: PlumbError, operationId: string): Failed {
  const { code, message, remedy, payload = null } = error
  return {
    kind: 'failed',
    reason: 'plumb-error',
    code,
    message,
    remedy,
    payload,
    status: null,
    operationId,
  }
}

const endings: Readonly<Record<KillReason, readonly [code: ErrorCode, remedy: string]>> = {
  deadline: ['action-timed-out', 'Let it do less at once, or call it with X-Async: true.'],
  memory: ['action-crashed', 'Let it hold less at once: page through lists, return fewer fields.'],
  protocol: [
    'action-crashed',
    'Look at the code of the function: it spoke to its host past the SDK.',
  ],
  crash: ['action-crashed', 'Look at the log of the operation, and at the code of the function.'],
  aborted: ['cancelled', 'Call it again.'],
}

function killed(action: string, end: Extract<FunctionOutcome, { kind: 'killed' }>): Told {
  const [code, remedy] = endings[end.reason]
  const message = `The action "${action}" was ended (${end.reason}): ${end.detail}`
  return { reason: end.reason, code, message, remedy, payload: null, status: null }
}

function threw(action: string, error: FunctionError): Told {
  const { type: reason, payload, status } = error
  const told = { reason, payload, status }
  switch (reason) {
    case 'validation':
      return { ...told, ...invalid(action, error.message) }
    case 'http-error':
      return {
        ...told,
        payload: { status, ...(payload as object) },
        code: 'action-provider-failed',
        message: `The action "${action}" failed at its provider: ${error.message}`,
        remedy: 'Look at the answer of the provider in `payload`, and at the log of the operation.',
      }
    case 'plumb-error':
      return { ...told, ...ownFailure(error) }
    default:
      return {
        ...told,
        code: 'action-failed',
        message: error.message,
        remedy:
          reason === 'action-error'
            ? 'The function says so itself: `payload` is what it threw.'
            : `Look at the log of the operation, and at the code of "${action}".`,
      }
  }
}

function invalid(action: string, message: string): Pick<Told, 'code' | 'message' | 'remedy'> {
  const text = `${message} (action "${action}")`
  if (message.startsWith('The input')) {
    const remedy = 'Correct the members that `payload.issues` names; the definition has the schema.'
    return { code: 'input-invalid', message: text, remedy }
  }
  const remedy = 'Correct the function, or its schema: `payload.issues` names the members.'
  return { code: 'output-invalid', message: text, remedy }
}

/** What Plumb itself said to the function, and what a lost connection needs. */
function ownFailure({
  message,
  payload,
}: FunctionError): Pick<Told, 'code' | 'message' | 'remedy'> {
  const said = payload as { code?: unknown; kind?: unknown; remedy?: unknown } | null
  const remedy =
    typeof said?.remedy === 'string' ? said.remedy : 'Look at the log of the operation.'
  const code = errorCodes.find((known) => known === said?.code)
  return {
    code: code ?? (said?.kind === undefined ? 'action-failed' : 'access-lost'),
    message,
    remedy,
  }
}
