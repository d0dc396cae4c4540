import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runPlumb } from './start-server.js'
import type { BenchPlace, BenchServer } from './start-server.js'

export const integrationKey = 'bench'

/** Writes a project with one action and one sync of every minute, and deploys it to the server that runs there. */
export async function deployBench(place: BenchPlace, providerUrl: string): Promise<void> {
  for (const [path, text] of Object.entries(filesOf(providerUrl))) {
    const file = join(place.folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  await runPlumb(['deploy', 'dev', '--yes'], place)
}

/** The provider's entry, which a server reads when it starts. */
export async function writeProvider(folder: string, providerUrl: string): Promise<void> {
  await mkdir(join(folder, 'providers'), { recursive: true })
  await writeFile(join(folder, 'providers/bench.yaml'), entryOf(providerUrl))
}

/** Stores an account; its syncs begin. */
export async function addAccount(server: BenchServer, connectionId: string): Promise<void> {
  const answer = await fetch(`${server.url}/connections`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.secretKey}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      connection_id: connectionId,
      provider_config_key: integrationKey,
      credentials: { type: 'API_KEY', apiKey: 'bench-token' },
    }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`The account ${connectionId} was not stored: ${text}`)
}

function entryOf(url: string): string {
  return `name: bench\ndisplayName: Bench\nauth:\n  mode: bearer\nproxy:\n  baseUrl: ${url}\n`
}

function filesOf(url: string): Readonly<Record<string, string>> {
  return {
    'package.json': '{ "name": "bench", "private": true, "type": "module" }',
    'providers/bench.yaml': entryOf(url),
    'bench/actions/say.ts': `import { createAction } from '@plumb/sdk'
import * as z from 'zod'

const Said = z.object({ text: z.string() })

export default createAction({
  description: 'Says something',
  version: '1.0.0',
  input: Said,
  output: Said,
  exec: async (ctx, input) => Said.parse((await ctx.post({ endpoint: '/say', data: input })).data),
})
`,
    'bench/syncs/items.ts': `import { createSync } from '@plumb/sdk'
import * as z from 'zod'

const Item = z.object({ id: z.string(), name: z.string(), notes: z.string() })

export default createSync({
  description: 'Stores items',
  version: '1.0.0',
  frequency: 'every minute',
  autoStart: true,
  models: { Item },
  exec: async (ctx) => {
    const { data } = await ctx.get({ endpoint: '/items' })
    await ctx.batchSave(z.object({ items: z.array(Item) }).parse(data).items, 'Item')
  },
})
`,
  }
}
