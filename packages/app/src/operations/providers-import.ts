import { readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import { importProviders } from '@plumb/providers'
import { z } from 'zod'
import { makeFolder } from '../make-folder.js'
import { defineOperation } from './operation.js'

type Written = { readonly name: string; readonly file: string; readonly left: readonly string[] }

/** `plumb providers import`: entries of a `providers.yaml` that the person has, as files of the project. */
export const providersImport = defineOperation({
  name: 'providers import',
  summary: 'Take over the entries of a providers.yaml as files in providers/',
  input: z.object({
    file: z.string().describe('a file that maps provider names to their entries'),
    only: z.array(z.string()).default([]).describe('take over this entry only; may be repeated'),
    directory: z.string().default('providers').describe('where the files go'),
    overwrite: z.boolean().default(false).describe('replace files that are there already'),
  }),
  positionals: ['file'],
  examples: [
    'plumb providers import ./providers.yaml',
    'plumb providers import ./providers.yaml --only acme --only acme-sandbox --overwrite',
  ],
  run: async ({ file, only, directory, overwrite }, { config }) => {
    const { imported, skipped } = importProviders(await read(file, config.directory), file, only)
    const folder = resolve(config.directory, directory)
    await makeFolder(folder)
    const written: Written[] = []
    const kept: string[] = []
    for (const { name, yaml, left } of imported) {
      const path = join(folder, `${name}.yaml`)
      const shown = relative(config.directory, path)
      if (await write(path, yaml, overwrite)) written.push({ name, file: shown, left })
      else kept.push(shown)
    }
    return { written, kept, skipped }
  },
  text: ({ written, kept, skipped }) =>
    [
      ...written.map(({ file, left }) =>
        left.length === 0 ? `written  ${file}` : `written  ${file} without ${left.join(', ')}`,
      ),
      ...kept.map((file) => `kept     ${file} (--overwrite replaces it)`),
      ...skipped.map(({ name, reason }) => `skipped  ${name}: ${reason}`),
      `${written.length} written, ${kept.length} kept, ${skipped.length} skipped. \`plumb providers check\` says what they lack.`,
    ].join('\n'),
})

async function read(file: string, directory: string): Promise<string> {
  return readFile(resolve(directory, file), 'utf8').catch((cause: unknown) => {
    throw new PlumbError({
      code: 'provider-invalid',
      message: `The file "${file}" can not be read.`,
      remedy: 'Give the path of a providers.yaml.',
      cause,
    })
  })
}

async function write(path: string, text: string, overwrite: boolean): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: overwrite ? 'w' : 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
