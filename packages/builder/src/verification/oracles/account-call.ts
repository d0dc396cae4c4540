import type { ProviderRequest } from '@plumb/protocol'
import type { ConnectionGateway, GatewayAnswer } from '@plumb/runtime'

/** What the account said to a request of the verifier's own. */
export type AccountAnswer = {
  /** Null when nothing was answered. */
  readonly status: number | null
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown
  readonly receiptId: string | null
}

type Asked = Pick<ProviderRequest, 'method' | 'endpoint'> &
  Partial<Pick<ProviderRequest, 'headers' | 'query' | 'body'>>

/** Makes one call; a refusal is an answer without a status. */
export async function callAccount(
  gateway: ConnectionGateway,
  asked: Asked,
  signal: AbortSignal,
): Promise<AccountAnswer> {
  const once = { retries: 2, retryOn: [], retryHeader: null, expectedStatus: [], connection: null }
  const plain = { headers: {}, query: [], body: null }
  return readable(await gateway.request({ ...plain, ...asked, ...once }, signal))
}

function readable(answer: GatewayAnswer): AccountAnswer {
  if (answer.kind !== 'answered') {
    const receiptId = answer.kind === 'unreachable' ? answer.call.receiptId : null
    return { status: null, body: null, receiptId }
  }
  const { status, body } = answer.response
  return { status, body: parsed(body.text), receiptId: answer.call.receiptId }
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
