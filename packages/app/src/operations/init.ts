import { writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { loadProviders } from '@plumb/providers'
import { z } from 'zod'
import { makeFolder } from '../make-folder.js'
import { providerFolders } from '../workbench.js'
import { defineOperation } from './operation.js'
import { starterProvider } from './starter-provider.js'

/** `plumb init`: a starter project; files that exist are left alone. */
export const init = defineOperation({
  name: 'init',
  summary: 'Write a starter project: a first function, a brief, and what to do next',
  input: z.object({
    directory: z.string().default('.').describe('where to write it'),
    provider: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case words joined by hyphens, such as acme-crm')
      .default('github')
      .describe(
        'the provider of the first brief; one that is not in the catalog gets an entry to complete',
      ),
  }),
  positionals: ['directory'],
  examples: [
    'plumb init',
    'plumb init my-integrations --provider slack',
    'plumb init --provider acme-crm',
  ],
  run: async ({ directory, provider }, { config }) => {
    const { starterBrief } = await import('@plumb/builder')
    const target = resolve(config.directory, directory)
    const loaded = await loadProviders({ directories: await providerFolders(target) })
    const isKnown = loaded.get(provider)?.tier === undefined && loaded.has(provider)
    const { starterProject } = await import('@plumb/toolchain')
    const checkEndpoint = loaded.get(provider)?.provider.proxy.check?.endpoint ?? '/me'
    const files = {
      ...starterProject({
        ...{ name: basename(target), integration: provider, checkEndpoint, version: version() },
      }),
      ...(!isKnown && { [`providers/${provider}.yaml`]: starterProvider(provider) }),
      [`briefs/${provider}.brief.yaml`]: starterBrief({
        provider,
        integration: provider,
        connection: 'test-account',
      }),
      '.gitignore': '.plumb/\nnode_modules/\n',
      'README.md': readme(provider, isKnown),
    }
    const written: string[] = []
    const kept: string[] = []
    for (const [name, text] of Object.entries(files)) {
      const isNew = await writeNew(join(target, name), text)
      ;(isNew ? written : kept).push(relative(config.directory, join(target, name)))
    }
    return { directory: target, written, kept, isKnown }
  },
  text: ({ written, kept, isKnown, directory }) =>
    [
      ...written.map((file) => `written  ${file}`),
      ...kept.map((file) => `kept     ${file} (it was there already)`),
      '',
      ...(isKnown
        ? []
        : ['The catalog has no such provider: complete the entry in providers/ first.']),
      `Next: follow ${join(directory, 'README.md')}.`,
    ].join('\n'),
})

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

async function writeNew(path: string, text: string): Promise<boolean> {
  await makeFolder(dirname(path))
  try {
    await writeFile(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function readme(provider: string, isKnown: boolean): string {
  const steps = [
    ...(isKnown
      ? []
      : [
          `Complete \`providers/${provider}.yaml\`, and put the API's OpenAPI document beside it. \`plumb docs search ${provider}\` shows what Plumb reads in it.`,
        ]),
    `Say what you need: edit \`briefs/${provider}.brief.yaml\`.`,
    `Give Plumb a test account (never a customer's): \`plumb connections add ${provider} test-account --token-env TOKEN\`, with the token or API key in the variable TOKEN.`,
    `Or write functions yourself: \`plumb dryrun ${provider}/check-account --connection test-account\` runs the first one, \`plumb create ${provider} action <name>\` starts another, and \`plumb check\` says what is wrong. AGENTS.md tells coding agents the same.`,
    'Build and prove: `plumb build briefs/*.brief.yaml`. Call it in this folder: `providers/` and `.plumb/` are looked for here.',
    `Read the report it names, and the code in \`integrations/${provider}/\`.`,
  ]
  return `# Integrations built with Plumb

${steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}

\`.plumb/\` holds the database, the keys and the evidence: keep it, and keep it out of git. \`plumb providers\` lists the APIs
that Plumb knows; \`plumb init --provider <name>\` starts an entry for another one.
`
}
