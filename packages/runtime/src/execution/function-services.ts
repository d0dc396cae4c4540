import { PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import { functionMethod } from './function-method.js'
import type { HostMethod } from '../runner/function-host.js'

const variant = z.strictObject({ name: z.string(), variant: z.string() })
const actionCall = z.strictObject({
  integrationKey: z.string(),
  connectionId: z.string(),
  action: z.string(),
  input: z.unknown(),
})
const syncCall = z.strictObject({
  integrationKey: z.string(),
  connectionId: z.string(),
  sync: variant,
  mode: z.enum(['incremental', 'full_refresh', 'full_refresh_and_clear_cache']),
})
const startCall = z.strictObject({
  integrationKey: z.string(),
  /** Null for every connection of the integration. */
  connectionId: z.string().nullable(),
  syncs: z.array(variant),
})

export type ActionCall = z.infer<typeof actionCall>
export type SyncCall = z.infer<typeof syncCall>
export type StartCall = z.infer<typeof startCall>

type Variables = Readonly<Record<string, string>>

/** What a function may ask of the product around it. What is absent, a function is refused. */
export type FunctionServices = {
  /** Runs another action and returns its output. */
  readonly triggerAction?: (call: ActionCall, signal: AbortSignal) => Promise<unknown>
  /** Asks for one run of a sync. */
  readonly triggerSync?: (call: SyncCall, signal: AbortSignal) => Promise<void>
  /** Starts the schedule of syncs. */
  readonly startSync?: (call: StartCall, signal: AbortSignal) => Promise<void>
  /** Address for the provider's webhooks; null for none. */
  readonly webhookUrl?: string | null
  /** What the project sets for its functions, by name; read when a function asks. */
  readonly environment?: Variables | (() => Promise<Variables>)
}

const nothing = z.strictObject({})

/** `place` is where the function runs, as the refusal names it: `a dry run`. */
export function serviceMethods(services: FunctionServices, place: string): [string, HostMethod][] {
  const given = <T>(member: string, service: T | undefined): T => {
    if (service !== undefined) return service
    throw missing(member, place)
  }
  const { triggerAction, triggerSync, startSync, webhookUrl, environment } = services
  return [
    functionMethod('triggerAction', actionCall, (call, signal) =>
      given('triggerAction', triggerAction)(call, signal),
    ),
    functionMethod('triggerSync', syncCall, (call, signal) =>
      given('triggerSync', triggerSync)(call, signal),
    ),
    functionMethod('startSync', startCall, (call, signal) =>
      given('startSync', startSync)(call, signal),
    ),
    functionMethod('getWebhookURL', nothing, () => given('getWebhookURL', webhookUrl)),
    functionMethod('getEnvironmentVariables', nothing, async () => {
      const set = given('getEnvironmentVariables', environment)
      const variables = typeof set === 'function' ? await set() : set
      return Object.entries(variables).map(([name, value]) => ({ name, value }))
    }),
  ]
}

function missing(member: string, place: string): PlumbError {
  return new PlumbError({
    code: 'service-missing',
    message: `The function called ${member}, which ${place} does not supply.`,
    remedy: 'Run the function where it is supplied (a Plumb server), or do without the member.',
  })
}
