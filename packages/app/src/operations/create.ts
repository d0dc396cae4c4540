import { rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import type { FunctionKind, Interaction } from '@plumb/protocol'
import { loadProviders } from '@plumb/providers'
import { openRunnerPool, openSandbox } from '@plumb/runtime'
import { z } from 'zod'
import { CloserStack } from '../build/closer-stack.js'
import { makeFolder } from '../make-folder.js'
import { providerFolders } from '../workbench.js'
import { loadDescription } from './load-description.js'
import { defineOperation } from './operation.js'
import type { OperationContext } from './operation.js'

const word = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]*$/i, 'must be letters, digits, "-" and "_", such as list-contacts')

type Wanted = {
  readonly integration: string
  readonly kind: FunctionKind
  readonly name: string
  readonly operation?: string | undefined
}

/** `plumb create`: one function file, typed, and an example of its input. */
export const create = defineOperation({
  name: 'create',
  summary: 'Write a typed function, from the API description where the provider has one',
  input: z.object({
    integration: word.describe('folder of the integration'),
    kind: z.enum(['action', 'sync', 'on-event']).describe('action, sync or on-event'),
    name: word.describe('name of the function'),
    operation: z.string().optional().describe('operation of the API description to use'),
  }),
  positionals: ['integration', 'kind', 'name'],
  examples: [
    'plumb create github action create-issue',
    'plumb create github action create-issue --operation issues/create',
    'plumb create acme-crm sync contacts',
  ],
  run: async (wanted, context) => {
    const { directory } = context.config
    const file = join(directory, wanted.integration, `${wanted.kind}s`, `${wanted.name}.ts`)
    if (existsSync(file)) throw exists(file)
    const { source, from, questions } = await sourceOf(wanted, context)
    await makeFolder(dirname(file))
    await writeFile(file, source, { flag: 'wx' })
    const example = await writeExample(wanted, file, context)
    const written = [file, ...(example === null ? [] : [example])]
    return { written: written.map((path) => relative(directory, path)), from, questions }
  },
  text: ({ written, from, questions }) =>
    [
      ...written.map((path) => `written  ${path}`),
      from === null
        ? 'It is a minimal function: change its call and its schemas.'
        : `It calls ${from}.`,
      ...questions.map((question) => `open     ${question}`),
    ].join('\n'),
})

type Source = {
  readonly source: string
  /** The operation it was made from; null for a minimal function. */
  readonly from: string | null
  readonly questions: readonly string[]
}

async function sourceOf(wanted: Wanted, context: OperationContext): Promise<Source> {
  const { integration, kind, name, operation } = wanted
  const { minimalFunction } = await import('@plumb/toolchain')
  const minimal = { source: minimalFunction(kind, name), from: null, questions: [] }
  if (kind === 'on-event') return minimal
  const described = await describedOrNull(wanted, context)
  if (described === null) return minimal
  const { description, provider } = described
  if (operation !== undefined && !description.operations.some(({ id }) => id === operation))
    throw noOperation(operation, integration)
  const { draftFunction } = await import('@plumb/builder')
  const draft = draftFunction({
    ...{ description, provider, kind, interaction: interactionOf(wanted) },
    ...(operation !== undefined && { operationId: operation }),
  })
  if (draft.operation === null) return minimal
  return { source: draft.source, from: draft.operation.id, questions: draft.openQuestions }
}

/** Without an operation that was asked for, a description that cannot be read is no reason to write nothing. */
async function describedOrNull(wanted: Wanted, { config, progress }: OperationContext) {
  const directories = await providerFolders(config.directory)
  const known = (await loadProviders({ directories })).get(wanted.integration)
  if (wanted.operation === undefined && (known?.apiDescription ?? null) === null) return null
  try {
    const description = await loadDescription(wanted.integration, config)
    return known === undefined ? null : { description, provider: known.provider }
  } catch (error) {
    if (wanted.operation !== undefined || !(error instanceof PlumbError)) throw error
    progress(`The API description could not be used: ${error.message}`)
    return null
  }
}

function interactionOf({ name, kind }: Wanted): Interaction {
  const description = name.replace(/[_-]+/g, ' ').padEnd(3)
  const id = name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return { id, description, kind: kind === 'sync' ? 'sync' : 'action', expect: 'accepted' }
}

/** `tests/<name>.input.json` for a function that takes something. The function is removed again when it does not load. */
async function writeExample(
  { name }: Wanted,
  file: string,
  { signal }: OperationContext,
): Promise<string | null> {
  const { exampleOf, loadFunction, openProject } = await import('@plumb/toolchain')
  const closers = new CloserStack()
  try {
    const project = await openProject(file)
    const [one] = project.functions
    if (one === undefined) return null
    const sandbox = closers.add(await openSandbox())
    const pool = closers.add(await openRunnerPool({ sandbox, size: 1 }))
    const { compiled } = await loadFunction(one, { project, pool, signal })
    const { inputSchema } = compiled.definition
    const path = join(dirname(dirname(file)), 'tests', `${name}.input.json`)
    if (inputSchema === null || existsSync(path)) return null
    await makeFolder(dirname(path))
    await writeFile(path, `${JSON.stringify(exampleOf(inputSchema), null, 2)}\n`)
    return path
  } catch (error) {
    await rm(file)
    throw error
  } finally {
    await closers.close()
  }
}

function exists(file: string): PlumbError {
  return new PlumbError({
    code: 'file-exists',
    message: `${file} is there already.`,
    remedy: 'Choose another name, or edit the file.',
  })
}

function noOperation(id: string, integration: string): PlumbError {
  return new PlumbError({
    code: 'usage',
    message: `The API description of "${integration}" has no operation "${id}".`,
    remedy: `Find one with \`plumb docs search ${integration} <words>\`.`,
  })
}
