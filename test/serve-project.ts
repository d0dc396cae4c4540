import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ProviderServer } from './provider-server.js'
import { startProvider } from './provider-server.js'
import { runPlumb } from './run-plumb.js'
import type { Served } from './serve-plumb.js'
import { servePlumb } from './serve-plumb.js'

/** A project with one provider on loopback, deployed to a server that runs, and one connection `acme/customer-1`. */
export type ServedProject = {
  readonly folder: string
  readonly provider: ProviderServer
  served: Served
  readonly secretKey: string
  /** Runs a command in the project, and throws when it fails. Returns what it prints. */
  plumb(...args: string[]): Promise<string>
  close(): Promise<void>
}

export async function serveProject(): Promise<ServedProject> {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-served-'))
  const provider = await startProvider()
  provider.items = [1, 2, 3].map((n) => ({ id: `i${n}`, name: `item ${n}` }))
  for (const [path, text] of Object.entries(projectOf(provider.url))) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const served = await servePlumb(folder)
  const project: ServedProject = {
    ...{ folder, provider, served },
    secretKey: (await readFile(join(folder, '.plumb/server/dev.key'), 'utf8')).trim(),
    async plumb(...args) {
      const environment = { ACME_TOKEN: 'tok-secret-1', PLUMB_SECRET_KEY: project.secretKey }
      const { code, stdout, stderr } = await runPlumb(args, { cwd: folder, environment })
      if (code !== 0) throw new Error(`plumb ${args.join(' ')}: ${stdout}${stderr}`)
      return stdout
    },
    async close() {
      await project.served.stop()
      await provider.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await project.plumb('deploy', 'dev', '--yes')
  await project.plumb('connections', 'add', 'acme', 'customer-1', '--token-env', 'ACME_TOKEN')
  return project
}

function projectOf(url: string): Record<string, string> {
  return {
    'package.json': '{ "name": "compat", "private": true, "type": "module" }',
    'providers/acme.yaml': `name: acme\ndisplayName: Acme\nauth:\n  mode: bearer\nproxy:\n  baseUrl: ${url}\n`,
    'acme/actions/say.ts': `import { createAction } from '@plumb/sdk'
import * as z from 'zod'

export default createAction({
  description: 'Says something',
  version: '1.0.0',
  input: z.object({ text: z.string() }),
  output: z.object({ heard: z.string() }),
  exec: async (ctx, input) => {
    const { data } = await ctx.post({ endpoint: '/echo', data: input })
    return { heard: z.object({ body: z.string() }).parse(data).body }
  },
})
`,
    'acme/syncs/items.ts': `import { createSync } from '@plumb/sdk'
import * as z from 'zod'

const Item = z.object({ id: z.string(), name: z.string() })

export default createSync({
  description: 'Stores items',
  version: '1.0.0',
  frequency: 'every hour',
  autoStart: false,
  models: { Item },
  exec: async (ctx) => {
    await ctx.trackDeletesStart('Item')
    const { data } = await ctx.get({ endpoint: '/items' })
    await ctx.batchSave(z.object({ items: z.array(Item) }).parse(data).items, 'Item')
    await ctx.trackDeletesEnd('Item')
  },
})
`,
  }
}
