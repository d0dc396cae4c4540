import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openProjectFolder } from '../dryrun/testing/open-project-folder.js'
import type { TestProject } from '../dryrun/testing/open-project-folder.js'
import { deploy } from '../operations/deploy.js'
import { rollback } from '../operations/rollback.js'
import { openWorkbench } from '../workbench.js'
import type { Workbench } from '../workbench.js'

let project: TestProject
/** Keeps the database running from one command to the next. */
let workbench: Workbench

const action = (input: string, description = 'Creates an item') => `
import { createAction } from 'nango'
import * as z from 'zod'

export default createAction({
  description: '${description}',
  input: z.object({ ${input} }),
  output: z.object({ id: z.string() }),
  exec: async (nango, input) => {
    const { data } = await nango.post<{ id: string }>({ endpoint: '/items', data: input })
    return { id: data.id }
  },
})
`
const sync = `
import { createSync } from 'nango'
import * as z from 'zod'

export default createSync({
  description: 'Keeps items',
  frequency: 'every hour',
  models: { Item: z.object({ id: z.string(), name: z.string() }) },
  exec: async (nango) => {
    const { data } = await nango.get<{ items: { id: string; name: string }[] }>({ endpoint: '/items' })
    await nango.batchSave(data.items, 'Item')
  },
})
`

beforeAll(async () => {
  project = await openProjectFolder()
  workbench = await openWorkbench(project.context)
  await project.write('package.json', '{"name":"p"}')
  await project.write('acme/actions/create-item.ts', action('name: z.string()'))
  await project.write('acme/syncs/items.ts', sync)
})
afterAll(async () => {
  await workbench?.close()
  await project?.close()
})

type Answer = {
  readonly kind: string
  readonly changes: readonly { name: string; change: string; destructive: boolean }[]
  readonly deployment: { readonly number: number; readonly created_by: string }
}

async function run(given: object, ask?: (question: string) => Promise<boolean>) {
  const context = { ...project.context, ...(ask && { ask }) }
  const output = await deploy.run({ environment: 'dev', ...given }, context)
  const text = await deploy.text(output, { columns: 100, color: false })
  return { answer: output as Answer, text, exitCode: deploy.exitCode?.(output) }
}

async function back(given: object = {}) {
  const output = await rollback.run({ environment: 'dev', ...given }, project.context)
  return {
    answer: output as Answer,
    text: await rollback.text(output, { columns: 100, color: false }),
  }
}

describe('plumb deploy', () => {
  it('deploys, says what changes, asks for what is taken away, and rolls back', async () => {
    const shown = await run({ dryRun: true })
    expect(shown.text).toContain('+ action create-item')
    expect(shown.text).toContain('+ sync items')
    expect(shown.text).toContain('nothing is live): 2 added. Nothing was deployed.')

    await expect(run({})).rejects.toMatchObject({
      code: 'deployment-refused',
      remedy: expect.stringContaining('--yes'),
    })
    const first = await run({ yes: true, message: 'first' })
    expect(first.answer).toMatchObject({
      kind: 'deployed',
      deployment: { number: 1, created_by: 'cli', message: 'first' },
    })
    const same = await run({})
    expect(same.answer).toMatchObject({ kind: 'unchanged', deployment: { number: 1 } })
    expect(same.text).toContain('runs this already')

    await project.write(
      'acme/actions/create-item.ts',
      action('name: z.string(), owner: z.string()'),
    )
    const destructive = await run({ dryRun: true })
    expect(destructive.text).toContain('!     input: "owner" must be given now')
    await expect(run({ yes: true })).rejects.toMatchObject({
      code: 'deployment-refused',
      message: expect.stringContaining('"owner" must be given now'),
      remedy: expect.stringContaining('--allow-destructive'),
    })
    const asked: string[] = []
    const answering = (yes: boolean) => async (question: string) => {
      asked.push(question)
      return yes
    }
    const declined = await run({ yes: true }, answering(false))
    expect(declined).toMatchObject({ answer: { kind: 'declined' }, exitCode: 1 })
    expect(asked).toEqual([expect.stringContaining('Products that rely on what is marked')])
    const accepted = await run({}, answering(true))
    expect(accepted.answer).toMatchObject({ kind: 'deployed', deployment: { number: 2 } })

    const undone = await back({ message: 'wrong' })
    expect(undone.answer).toMatchObject({
      deployed: true,
      changes: [{ name: 'create-item', change: 'changed' }],
      deployment: { number: 3, message: 'wrong' },
    })
    await expect(back()).rejects.toMatchObject({ code: 'deployment-unknown' })
  })

  it('deploys one integration and leaves the others', async () => {
    await project.write('other/actions/ping.ts', action('name: z.string()', 'Pings'))
    const { answer, text } = await run({ integration: 'other', yes: true })
    expect(answer.changes.map(({ name, change }) => [name, change])).toEqual([['ping', 'added']])
    expect(text).toContain('Warning: There is no integration "other"')
    await expect(run({ integration: 'nope' })).rejects.toMatchObject({ code: 'function-not-found' })
  })

  it('deploys nothing when a function does not compile', async () => {
    await project.write(
      'broken/actions/wrong.ts',
      action('name: z.string()').replace('input })', '})'),
    )
    const failed = await run({ yes: true, allowDestructive: true })
    expect(failed).toMatchObject({ answer: { kind: 'failed' }, exitCode: 1 })
    expect(failed.text).toContain('broken/actions/wrong.ts')
    const one = await run({ integration: 'acme', allowDestructive: true })
    expect(one.answer.kind).toBe('deployed')
  })

  it('refuses an environment that does not exist', async () => {
    await expect(
      run({ environment: 'nowhere', integration: 'acme', yes: true }),
    ).rejects.toMatchObject({
      code: 'environment-unknown',
      message: expect.stringContaining('"nowhere"'),
    })
  })
})
