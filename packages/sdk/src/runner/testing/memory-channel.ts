import type { HostChannel } from '../../host-channel.js'

/** What the host answers, by method. */
export type Answers = Readonly<Record<string, (args: never) => unknown>>

/** A host that answers from functions and keeps what it was asked and told. */
export function channel(
  answers: Answers = {},
  context: Partial<HostChannel['context']> = {},
): HostChannel & { calls: [string, unknown][]; lines: string[] } {
  const calls: [string, unknown][] = []
  const lines: string[] = []
  return {
    calls,
    lines,
    context: {
      connectionId: 'c1',
      providerConfigKey: 'example',
      provider: 'example',
      variant: 'base',
      lastSyncDate: '2026-01-02T03:04:05.000Z',
      pagination: null,
      ...context,
    },
    call: async (method, args) => {
      calls.push([method, args])
      return answers[method]?.(args as never) ?? null
    },
    log: (level, message) => void lines.push(`${level} ${message}`),
  }
}

/** A provider's answer as JSON. */
export const respond = (status: number, data: unknown) => () => ({
  kind: 'answered',
  response: {
    status,
    headers: { 'content-type': 'application/json' },
    body: { encoding: 'utf8', text: JSON.stringify(data) },
  },
})
