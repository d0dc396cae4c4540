import { PlumbError } from '@plumb/protocol'
import type { Connection, Integration, Provider } from '@plumb/protocol'
import { isIP } from 'node:net'
import type { BaseAddress } from './resolve-url.js'

type Values = Connection['connectionConfig']

/** Fills `${connectionConfig.name}`. Throws PlumbError `connection-invalid` for a missing or unsafe value. */
export function interpolate(template: string, values: Values): string {
  return template.replace(/\$\{connectionConfig\.([\w-]+)\}/g, (placeholder, name: string) => {
    const value = values[name]
    if (value === undefined || value === '') {
      throw unusable(`The connection has no "${name}", which "${template}" needs.`, name)
    }
    const wholeUrl = template.startsWith(placeholder) && /^https:\/\/[\w.-]+(:\d+)?(\/[\w./~-]*)?$/
    const safe = wholeUrl instanceof RegExp && wholeUrl.test(value) && !value.includes('..')
    if (safe || (/^[\w.~-]+$/.test(value) && !value.includes('..'))) return value
    throw unusable(
      `"${name}" of the connection is "${value}". It may hold letters, digits, "." "_" "~" "-".`,
      name,
    )
  })
}

/** Where the connection's calls go. Throws PlumbError `connection-invalid` when that is not a web address. */
export function baseAddressOf(
  provider: Provider,
  integration: Pick<Integration, 'baseUrl'>,
  connection: Pick<Connection, 'connectionConfig'>,
): BaseAddress {
  const values = connection.connectionConfig
  const template = integration.baseUrl ?? provider.proxy.baseUrl
  const baseUrl = webAddress(interpolate(template, values))
  const overridden = integration.baseUrl !== undefined
  return {
    baseUrl,
    providerBaseUrl: overridden ? providerBaseOr(baseUrl, provider, values) : baseUrl,
    // The credential of a private installation is no business of the vendor's public hosts.
    hosts: overridden ? [] : provider.proxy.hosts,
    allowPrivateAddress: !template.includes('${') && (overridden || isLocal(baseUrl)),
  }
}

/** An integration with its own base URL need not have the values that the provider's would need. */
function providerBaseOr(baseUrl: string, provider: Provider, values: Values): string {
  const known = [...provider.proxy.baseUrl.matchAll(/\$\{connectionConfig\.([\w-]+)\}/g)].every(
    ([, name]) => name !== undefined && values[name] !== undefined,
  )
  return known ? webAddress(interpolate(provider.proxy.baseUrl, values)) : baseUrl
}

/** Whether whoever wrote `url` named this machine or an address, and so means it. */
export function isLocal(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return host === 'localhost' || isIP(host) !== 0
}

function webAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const usable =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username + url.password + url.search + url.hash === ''
  if (!usable) {
    throw unusable(
      `The base URL is "${text}". It must be an http or https address without user, query and "#".`,
      'baseUrl',
    )
  }
  return url.href.replace(/\/+$/, '')
}

function unusable(message: string, name: string): PlumbError {
  return new PlumbError({
    code: 'connection-invalid',
    message,
    remedy: `Correct "${name}" of the connection or its integration.`,
  })
}
