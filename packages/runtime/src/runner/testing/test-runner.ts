import type { LogLine } from '@plumb/protocol'
import { bundle } from '../../../bundle.mjs'
import { openSandbox } from '../../sandbox/open-sandbox.js'
import type { Sandbox } from '../../sandbox/sandbox.js'
import type { FunctionHost, HostMethod } from '../function-host.js'
import { openRunnerPool } from '../runner-pool.js'
import type { RunnerPool, RunnerPoolOptions, TenantOrder } from '../runner-pool.js'

export type TestRunner = {
  readonly sandbox: Sandbox
  readonly pool: RunnerPool
  close(): Promise<void>
}

/** Sources do not change while tests run. */
let bundled: Promise<void> | undefined

/** The real pool over the real sandbox, with the runner built from the sources as they are. */
export async function openTestRunner(
  options: Partial<Omit<RunnerPoolOptions, 'sandbox'>> = {},
): Promise<TestRunner> {
  await (bundled ??= bundle())
  const sandbox = await openSandbox()
  const pool = await openRunnerPool({ sandbox, size: 2, ...options })
  return {
    sandbox,
    pool,
    async close() {
      await pool.close()
      await sandbox.close()
    },
  }
}

export type TestHost = FunctionHost & { readonly lines: string[] }

/** A host that answers the given methods and keeps log lines. */
export function testHost(methods: Readonly<Record<string, HostMethod>> = {}): TestHost {
  const lines: string[] = []
  return {
    lines,
    context: {
      connectionId: 'c1',
      providerConfigKey: 'example',
      provider: 'example',
      variant: 'base',
      lastSyncDate: null,
      pagination: null,
    },
    methods: new Map(Object.entries(methods)),
    log: (level: LogLine['level'], message) => lines.push(`${level} ${message}`),
  }
}

/** An action as the compiler emits it; `body` is that of `exec(ctx, input)`. */
export function actionCode(body: string): string {
  return `
const { createAction } = require('nango')
const z = require('zod')
module.exports = { default: createAction({
  description: 'A test', input: z.unknown(), output: z.unknown(),
  exec: async (ctx, input) => { ${body} },
}) }`
}

/** An order for an action with that body. */
export function testOrder(body: string, more: Partial<TenantOrder> = {}): TenantOrder {
  return {
    tenant: 'a',
    code: actionCode(body),
    fileName: 'sample.ts',
    input: null,
    deadlineMs: 20_000,
    host: testHost(),
    ...more,
  }
}
