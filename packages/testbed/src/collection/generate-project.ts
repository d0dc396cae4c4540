import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { actionSource } from './action-source.js'
import type { ActionVerb } from './action-source.js'
import { inventEntities, pascalCase } from './entity.js'
import type { Entity } from './entity.js'
import { projectFiles } from './project-files.js'
import { actionFixture, syncFixture } from './recorded-fixture.js'
import { seededRandom } from './seeded-random.js'
import type { SeededRandom } from './seeded-random.js'
import { mapperSource, modelsSource, requestSource, syncSource } from './sync-source.js'
import { actionTestSource, syncTestSource } from './test-source.js'

export type GeneratedProject = {
  readonly functions: number
  readonly integrations: number
  readonly files: number
}

type Options = { readonly directory: string; readonly functions: number; readonly seed: number }
/** Texts by path below the project. */
type Files = Map<string, string>
type Written = { readonly files: Files; readonly functions: readonly string[] }

const verbs: readonly ActionVerb[] = ['create', 'get', 'update', 'delete', 'list']
const entitiesEach = 6

/**
 * Writes a project of invented functions into an empty or missing folder: about one sync to five actions, with
 * helpers, models, recordings and tests. The same seed writes the same bytes.
 */
export async function generateProject({
  directory,
  functions,
  seed,
}: Options): Promise<GeneratedProject> {
  const random = seededRandom(seed)
  const imports: string[] = []
  let integrations = 0
  let files = 0
  while (imports.length < functions) {
    integrations += 1
    const name = `system-${String(integrations).padStart(3, '0')}`
    const written = inventIntegration(name, random, functions - imports.length)
    imports.push(...written.functions.map((path) => `import './${name}/${path}.js'\n`))
    files += await writeAll(directory, written.files)
  }
  files += await writeAll(
    directory,
    new Map([...Object.entries(projectFiles), ['index.ts', imports.join('')]]),
  )
  return { functions: imports.length, integrations, files }
}

function inventIntegration(name: string, random: SeededRandom, most: number): Written {
  const entities = inventEntities(random, entitiesEach)
  const files: Files = new Map([
    [`${name}/models.ts`, modelsSource(entities)],
    [`${name}/helpers/request.ts`, requestSource],
    ...entities.map((entity): [string, string] => [
      `${name}/mappers/to-${entity.name}.ts`,
      mapperSource(entity),
    ]),
  ])
  const functions: string[] = []
  for (const entity of entities) {
    for (const verb of [...verbs, 'sync'] as const) {
      if (functions.length === most) break
      const one = { integration: name, entity, random }
      functions.push(verb === 'sync' ? addSync(files, one) : addAction(files, { ...one, verb }))
    }
  }
  return { files, functions }
}

type Addition = {
  readonly integration: string
  readonly entity: Entity
  readonly random: SeededRandom
}

function addAction(files: Files, addition: Addition & { verb: ActionVerb }): string {
  const { integration, entity, random, verb } = addition
  const name = `${verb}-${entity.name}`
  const model = `ActionOutput_${integration}_${name}`.replaceAll('-', '_')
  files.set(`${integration}/actions/${name}.ts`, actionSource(verb, entity))
  files.set(`${integration}/tests/${name}.test.json`, json(actionFixture(verb, entity, random)))
  const test = actionTestSource({ integration, name, model })
  files.set(`${integration}/tests/${integration}-${name}.test.ts`, test)
  return `actions/${name}`
}

function addSync(files: Files, { integration, entity, random }: Addition): string {
  const name = entity.plural
  const tracksDeletes = random.between(0, 1) === 1
  files.set(`${integration}/syncs/${name}.ts`, syncSource(entity, { tracksDeletes }))
  files.set(`${integration}/tests/${name}.test.json`, json(syncFixture(entity, random)))
  const test = syncTestSource({ integration, name, model: pascalCase(entity.name) })
  files.set(`${integration}/tests/${integration}-${name}.test.ts`, test)
  return `syncs/${name}`
}

async function writeAll(directory: string, files: Files): Promise<number> {
  const folders = new Set([...files.keys()].map((path) => dirname(join(directory, path))))
  for (const folder of folders) await mkdir(folder, { recursive: true })
  const write = ([path, text]: [string, string]) => writeFile(join(directory, path), text)
  await Promise.all([...files].map(write))
  return files.size
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
