import type { checkConnection } from '@plumb/runtime'

type ConnectionCheck = Awaited<ReturnType<typeof checkConnection>>

/** What asking the provider has shown, in lines for a person. */
export function explainCheck(check: ConnectionCheck): string[] {
  switch (check.kind) {
    case 'ok':
      return ['Check: the provider accepts it.']
    case 'unchecked':
      return ['Check: none, because the provider entry names no `check` endpoint.']
    case 'access-lost':
      return [`Check: refused. ${check.cause.message}`, check.cause.remedy]
    case 'unreachable':
      return [
        `Check: the provider does not answer (${check.message}).`,
        'Check the base URL of the integration (`--base-url`) and the network.',
      ]
    case 'refused':
      return [`Check: ${check.error.message}`, check.error.remedy]
    case 'failed':
      return [
        `Check: the provider answers with status ${check.status}.`,
        'Check the base URL, and the `check` endpoint of the provider entry.',
      ]
  }
}
