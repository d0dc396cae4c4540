import { apiContracts } from '@plumb/protocol'
import { readVariables } from '@plumb/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contractOperation } from '../contract-commands/contract-operation.js'
import { openProjectFolder } from '../dryrun/testing/open-project-folder.js'
import type { TestProject } from '../dryrun/testing/open-project-folder.js'
import { withWorkbench } from '../workbench.js'
import { variablesSet } from './variables-set.js'

let project: TestProject

beforeAll(async () => {
  project = await openProjectFolder()
})
afterAll(() => project?.close())

test('a value comes from an argument, or from where nobody else sees it', async () => {
  const asked: string[] = []
  const readSecret = async (question: string) => {
    asked.push(question)
    return 'hunter2'
  }
  const context = { ...project.context, readSecret }
  await variablesSet.run({ name: 'API_REGION', value: 'eu' }, context)
  await variablesSet.run({ name: 'API_KEY' }, context)
  await variablesSet.run({ name: 'EMPTY', value: '' }, context)
  expect(asked).toEqual(['Value of API_KEY'])
  const stored = await withWorkbench(project.context, (workbench) =>
    readVariables({ ...workbench, environment: 'dev' }),
  )
  expect(stored).toEqual({ API_REGION: 'eu', API_KEY: 'hunter2', EMPTY: '' })
})

test('what cannot be stored is told without the value', async () => {
  const readSecret = async () => 'hunter2'.repeat(10_000)
  await expect(
    variablesSet.run({ name: 'API_KEY' }, { ...project.context, readSecret }),
  ).rejects.toMatchObject({
    code: 'usage',
    message: 'The value for API_KEY has 70000 characters; at most 65536 are kept.',
  })
  await expect(
    variablesSet.run({ name: 'API KEY', value: 'hunter2' }, project.context),
  ).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/^<name> is "API KEY"(?!.*hunter2)/),
  })
  await expect(variablesSet.run({ name: 'API_KEY' }, project.context)).rejects.toThrow(
    'No value was given for API_KEY.',
  )
})

test('an environment that does not exist has no empty list', async () => {
  const config = { ...project.context.config, environmentName: 'prdo' }
  const context = { ...project.context, config }
  const { variables, environments } = apiContracts
  await expect(contractOperation(variables.list).run({}, context)).rejects.toMatchObject({
    code: 'environment-unknown',
    message: expect.stringContaining('"prdo"'),
  })
  expect(await contractOperation(environments.list).run({}, context)).toMatchObject({
    environments: [{ name: 'dev' }],
  })
})
