import { PlumbError } from '@plumb/protocol'
import type { Provider } from '@plumb/protocol'
import type { SessionInput } from './connect-session.js'

type Defaults = NonNullable<SessionInput['integrations_config_defaults']>[string]

/** Of a session's defaults, what is meant for the authorisation and not for the connection. */
const notConfig = new Set(['oauth_scopes_override', 'authorization_params'])

/**
 * The `connectionConfig` of a new connection: what a person typed in, as far as the provider asks for it, and what
 * the opener of the session decided, which goes first. Throws PlumbError `connection-invalid`.
 */
export function configOf(
  provider: Provider,
  typed: Readonly<Record<string, string>>,
  defaults: Defaults | undefined,
): Record<string, string> {
  const fields = provider.connectionConfig ?? {}
  const asked = Object.entries(typed).filter(([name]) => Object.hasOwn(fields, name))
  const decided = textsOf(defaults?.connection_config ?? {})
  const config = { ...Object.fromEntries(asked), ...decided }
  for (const [name, { pattern, title, example }] of Object.entries(fields)) {
    const value = config[name]
    if (value === undefined || pattern === undefined) continue
    if (!new RegExp(`^(?:${pattern})$`).test(value)) {
      throw new PlumbError({
        code: 'connection-invalid',
        message: `"${name}" is "${value.slice(0, 100)}", which does not look like ${title}.`,
        remedy: `Give a value such as "${example}".`,
      })
    }
  }
  return config
}

/** A configuration as it comes on the wire: what is no text becomes one. */
export function textsOf(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const kept = Object.entries(config).filter(
    ([name, value]) => !notConfig.has(name) && value !== null && value !== undefined,
  )
  return Object.fromEntries(
    kept.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}
