import { PlumbError } from '@plumb/protocol'
import type { Provider } from '@plumb/protocol'

type Members = Readonly<Record<string, unknown>>

/** The base URLs whose paths recordings leave out; none when the provider is not known. */
export function replayBaseUrls(provider: Provider | null, connection: Members): string[] {
  if (provider === null) return []
  const config = connection['connection_config'] as Members | undefined
  const filled = provider.proxy.baseUrl.replace(
    /\$\{connectionConfig\.([\w.]+)\}/g,
    (hole, name: string) => {
      const value = config?.[name]
      return typeof value === 'string' ? value : hole
    },
  )
  return isAddress(filled) ? [filled] : []
}

/** Throws PlumbError `host-not-allowed` for an address to which the connection's credentials may not go. */
export function allowedOrigin(
  endpoint: string,
  provider: Provider | null,
  baseUrls: readonly string[],
): void {
  if (provider === null || baseUrls.length === 0 || !/^https?:\/\//.test(endpoint)) return
  const { origin, hostname } = new URL(endpoint)
  const allowed = baseUrls.some((base) => new URL(base).origin === origin)
  if (allowed || provider.proxy.hosts.includes(hostname)) return
  throw new PlumbError({
    code: 'host-not-allowed',
    message: `A call to ${origin} would carry the credentials of ${provider.name} to another host.`,
    remedy: 'Follow links of the provider only, or list the host in the provider entry.',
  })
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && !text.includes('${')
}
