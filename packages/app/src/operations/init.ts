import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { z } from 'zod'
import { defineOperation } from './operation.js'

/** `plumb init`: a starter project; files that exist are left alone. */
export const init = defineOperation({
  name: 'init',
  summary: 'Write a starter project: a brief, a provider folder and what to do next',
  input: z.object({
    directory: z.string().default('.').describe('where to write it'),
    provider: z.string().default('github').describe('the provider of the first brief'),
  }),
  positionals: ['directory'],
  examples: ['plumb init', 'plumb init my-integrations --provider slack'],
  run: async ({ directory, provider }, { config }) => {
    const { starterBrief } = await import('@plumb/builder')
    const target = resolve(config.directory, directory)
    const files = {
      [`briefs/${provider}.brief.yaml`]: starterBrief({
        provider,
        integration: provider,
        connection: 'test-account',
      }),
      '.gitignore': '.plumb/\nnode_modules/\n',
      'README.md': readme(provider),
    }
    const written: string[] = []
    const kept: string[] = []
    for (const [name, text] of Object.entries(files)) {
      const isNew = await writeNew(join(target, name), text)
      ;(isNew ? written : kept).push(relative(config.directory, join(target, name)))
    }
    return { directory: target, written, kept }
  },
  text: ({ written, kept }) =>
    [
      ...written.map((file) => `written  ${file}`),
      ...kept.map((file) => `kept     ${file} (it was there already)`),
      '',
      'Next: read the brief, then follow README.md.',
    ].join('\n'),
})

async function writeNew(path: string, text: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function readme(provider: string): string {
  return `# Integrations built with Plumb

1. Say what you need: edit \`briefs/${provider}.brief.yaml\`.
2. Give Plumb a test account (never a customer's):
   \`plumb connections add ${provider} test-account --token-env TOKEN\`
3. Build and prove: \`plumb build briefs/*.brief.yaml\`
4. Read the report it names, and the code in \`integrations/${provider}/\`.

An API that Plumb does not know needs a provider entry in \`providers/<name>.yaml\`
(\`plumb providers\` lists the ones it knows) and an API description.
`
}
