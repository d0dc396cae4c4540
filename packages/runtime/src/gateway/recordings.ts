import type { Receipt } from '@plumb/protocol'
import type { RecordedAnswer, Recording } from './transport.js'

export { recordingsFromFixture } from '@plumb/sdk/replay'

/**
 * What a replay of these receipts must serve, in their order. Probes and token refreshes are left out, and so is an
 * answer that was asked for again with a refreshed token: the function never saw it.
 */
export function recordingsFromReceipts(receipts: readonly Receipt[]): Recording[] {
  const seen = receipts.filter((receipt, index) => {
    if (receipt.purpose === 'probe' || receipt.purpose === 'refresh') return false
    return !wasAskedAgain(receipt, receipts.slice(index + 1))
  })
  return seen.map((receipt) => ({
    receiptId: receipt.id,
    startedAt: receipt.startedAt,
    request: {
      method: receipt.request.method,
      url: receipt.request.url,
      headers: receipt.request.headers,
      body: receipt.request.body,
    },
    answer: answerOf(receipt),
  }))
}

function wasAskedAgain(receipt: Receipt, later: readonly Receipt[]): boolean {
  if (later[0]?.purpose !== 'refresh') return false
  const next = later.find(({ purpose }) => purpose !== 'refresh' && purpose !== 'probe')
  return (
    next !== undefined &&
    next.executionId === receipt.executionId &&
    next.request.method === receipt.request.method &&
    next.request.url === receipt.request.url &&
    next.request.body?.sha256 === receipt.request.body?.sha256
  )
}

function answerOf({ response, failure }: Receipt): RecordedAnswer {
  if (response !== null) {
    const { status, headers, body } = response
    return { kind: 'response', status, headers, body: { encoding: body.encoding, text: body.text } }
  }
  return { kind: 'failure', ...(failure ?? { code: 'network', message: 'no answer was recorded' }) }
}
