import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runPlumb } from '../run-plumb.js'
import type { Served } from '../serve-plumb.js'
import { servePlumb } from '../serve-plumb.js'
import type { FaultProvider } from './fault-provider.js'
import { startFaultProvider } from './fault-provider.js'

export type Answer = {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** What can be asked of a server. */
export type Asking = {
  readonly url: string
  /** Sends a request such as `POST /sync/trigger`, for a connection. */
  ask(target: string, o?: Request): Promise<Answer>
  /** Runs an action; its answer. */
  act(action: string, input: unknown, o?: Request): Promise<Answer>
}
type Request = {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly connection?: string
}

export type FaultProject = {
  readonly folder: string
  readonly provider: FaultProvider
  served: Served
  readonly secretKey: string
  /** The server that runs now. */
  readonly plumb: Asking
  /** Starts the server again, after it was stopped or killed; with these variables. */
  restart(environment?: Record<string, string>): Promise<void>
  /** A second server for the same project, on a data folder of its own. */
  beside(home: string): Promise<Served & { readonly plumb: Asking }>
  close(): Promise<void>
}

/** A project with orders, pages of items and a hostile function, deployed to a server; accounts `one` and `two`. */
export async function startFaultProject(): Promise<FaultProject> {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-faults-'))
  const provider = await startFaultProvider()
  await writeFiles(folder, projectOf(provider.url))
  const served = await servePlumb(folder)
  const secretKey = (await readFile(join(folder, '.plumb/server/dev.key'), 'utf8')).trim()
  const project: FaultProject = {
    ...{ folder, provider, served, secretKey },
    get plumb() {
      return asking(project.served.url, secretKey)
    },
    async restart(environment = {}) {
      project.served = await servePlumb(folder, { environment })
    },
    async beside(home) {
      const own = { PLUMB_HOME: home }
      const second = await servePlumb(folder, { environment: own })
      const key = (await readFile(join(home, 'server/dev.key'), 'utf8')).trim()
      const plumb = asking(second.url, key)
      await deploy(folder, own)
      await addAccount(plumb, 'one')
      return { ...second, plumb }
    },
    async close() {
      await project.served.stop()
      await provider.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await deploy(folder)
    for (const id of ['one', 'two']) await addAccount(project.plumb, id)
    return project
  } catch (error) {
    await project.close()
    throw error
  }
}

async function deploy(folder: string, own: Record<string, string> = {}): Promise<void> {
  const deployed = await runPlumb(['deploy', 'dev', '--yes'], { cwd: folder, environment: own })
  if (deployed.code !== 0) throw new Error(deployed.stdout + deployed.stderr)
}

async function addAccount(plumb: Asking, connectionId: string): Promise<void> {
  const credentials = { type: 'API_KEY', apiKey: 'tok-secret-1' }
  const account = { connection_id: connectionId, provider_config_key: 'acme', credentials }
  const { status, body } = await plumb.ask('POST /connections', { body: account })
  if (status !== 201) throw new Error(JSON.stringify(body))
}

export function asking(url: string, secretKey: string): Asking {
  const plumb: Asking = {
    url,
    async ask(target, { body, headers, connection = 'one' } = {}) {
      const [method = 'GET', path = '/'] = target.split(' ')
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${secretKey}`,
          ...{ 'connection-id': connection, 'provider-config-key': 'acme', ...headers },
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: JSON.parse(text) as Record<string, unknown> }
    },
    act: (action, input, o) =>
      plumb.ask('POST /action/trigger', { ...o, body: { action_name: action, input } }),
  }
  return plumb
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

function providerEntry(url: string): string {
  return `name: acme\ndisplayName: Acme\nauth:\n  mode: bearer\nproxy:\n  baseUrl: ${url}\n`
}

function projectOf(url: string): Readonly<Record<string, string>> {
  return {
    'package.json': '{ "name": "faults", "private": true, "type": "module" }',
    'providers/acme.yaml': providerEntry(url),
    'acme/actions/order.ts': `import { createAction } from '@plumb/sdk'
import * as z from 'zod'

export default createAction({
  description: 'Orders something',
  version: '1.0.0',
  input: z.object({ text: z.string() }),
  output: z.object({ taken: z.string() }),
  exec: async (ctx, input) => {
    const { data } = await ctx.post({ endpoint: '/orders', data: input })
    return z.object({ taken: z.string() }).parse(data)
  },
})
`,
    'acme/actions/look.ts': `import { createAction } from '@plumb/sdk'
import * as z from 'zod'

const Page = z.object({ items: z.array(z.object({ id: z.string() })) })

export default createAction({
  description: 'Looks at the first page',
  version: '1.0.0',
  input: z.object({}),
  output: z.object({ count: z.number() }),
  exec: async (ctx) => {
    const { data } = await ctx.get({ endpoint: '/items', params: { page: '1' } })
    return { count: Page.parse(data).items.length }
  },
})
`,
    'acme/actions/hostile.ts': `import { createAction } from '@plumb/sdk'
import * as z from 'zod'

export default createAction({
  description: 'Does harm',
  version: '1.0.0',
  input: z.object({ how: z.string() }),
  output: z.object({ text: z.string() }),
  exec: async (_ctx, input) => {
    const held: unknown[] = []
    while (input.how === 'loop');
    while (input.how === 'memory') held.push(new Array(100_000).fill(held.length))
    return { text: 'x'.repeat(input.how === 'output' ? 30_000_000 : 1) }
  },
})
`,
    'acme/syncs/items.ts': `import { createSync } from '@plumb/sdk'
import * as z from 'zod'

const Item = z.object({ id: z.string(), name: z.string() })
const Page = z.object({ items: z.array(Item), next: z.number().nullable() })

export default createSync({
  description: 'Stores items',
  version: '1.0.0',
  frequency: 'every hour',
  autoStart: false,
  checkpoint: z.object({ page: z.number() }),
  models: { Item },
  exec: async (ctx) => {
    let page = (await ctx.getCheckpoint())?.page ?? 1
    for (;;) {
      const { data } = await ctx.get({ endpoint: '/items', params: { page: String(page) } })
      const { items, next } = Page.parse(data)
      await ctx.batchSave(items, 'Item')
      if (next === null) break
      page = next
      await ctx.saveCheckpoint({ page })
    }
    await ctx.clearCheckpoint()
  },
})
`,
  }
}
