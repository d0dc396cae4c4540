import type { ProviderResponse } from '@plumb/protocol'
import type { HostChannel } from '../host-channel.js'
import { errorForAnswer, HttpError } from '../http-error.js'
import { httpResponse } from '../http-response.js'
import { providerRequest } from '../provider-request.js'
import type { HttpMethod, HttpResponse, ProxyConfiguration } from '../proxy-configuration.js'

/** What the host answers to `request`. */
export type RequestAnswer =
  | { readonly kind: 'answered'; readonly response: ProviderResponse }
  | { readonly kind: 'unreachable'; readonly code: string; readonly message: string }

/** Asks the gateway. Throws HttpError for an answer outside 2xx that is not expected, and for none. */
export async function sendRequest(
  host: HostChannel,
  config: ProxyConfiguration,
  method: HttpMethod,
): Promise<HttpResponse> {
  const request = await providerRequest(config, method)
  const call = `${method} ${request.endpoint}`
  const answer = (await host.call('request', request)) as RequestAnswer
  if (answer.kind === 'unreachable') {
    const message = `${call} got no answer (${answer.code}): ${answer.message}`
    throw new HttpError({ message, code: answer.code })
  }
  const response = httpResponse(call, answer.response, config.responseType)
  const fine = response.status >= 200 && response.status < 300
  if (fine || request.expectedStatus.includes(response.status)) return response
  throw errorForAnswer(call, response)
}
