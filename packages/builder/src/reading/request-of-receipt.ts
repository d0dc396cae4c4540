import { providerRequestSchema } from '@plumb/protocol'
import type { ProviderRequest, Receipt } from '@plumb/protocol'

/** The call of a receipt, to be made once more; the gateway adds the credential again. */
export function requestOfReceipt({ request }: Pick<Receipt, 'request'>): ProviderRequest {
  const { method, url, headers, body } = request
  const contentType = headers['content-type']
  return {
    method: providerRequestSchema.shape.method.parse(method),
    endpoint: withoutSecrets(url),
    headers: contentType === undefined ? {} : { 'content-type': contentType },
    query: [],
    body: body === null ? null : { encoding: body.encoding, text: body.text },
    ...{ retries: 2, retryOn: [], retryHeader: null, expectedStatus: [], connection: null },
  }
}

function withoutSecrets(url: string): string {
  const clean = new URL(url)
  for (const [name, value] of [...clean.searchParams])
    if (value === '[secret]') clean.searchParams.delete(name)
  return clean.href
}
