import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { addConnection } from '@plumb/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openProjectFolder } from '../dryrun/testing/open-project-folder.js'
import type { TestProject } from '../dryrun/testing/open-project-folder.js'
import { withWorkbench } from '../workbench.js'
import { keysRotate } from './keys-rotate.js'

let project: TestProject

beforeAll(async () => {
  project = await openProjectFolder()
})
afterAll(() => project?.close())

const keyFiles = async (): Promise<readonly string[]> =>
  (await readdir(join(project.directory, '.plumb/keys'))).filter((name) => name.endsWith('.key'))

test('a secret that can not be opened keeps the old key, and fails the command; mended, it is gone on with', async () => {
  const { context } = project
  const broken = { integrationKey: 'acme', connectionId: 'broken' }
  const connect = () =>
    withWorkbench(context, (workbench) =>
      addConnection(workbench, {
        ...{ ...broken, credential: { kind: 'bearer', token: 'tok-of-broken' } },
        now: '2026-01-01T00:00:00.000Z',
      }),
    )
  await connect()
  await withWorkbench(context, ({ db }) =>
    db.query(
      `update plumb.connections set encrypted_credential = 'tok-in-plain-text' where connection_id = 'broken'`,
    ),
  )
  const failed = await keysRotate
    .run({ resume: false, removeOld: true }, context)
    .catch((error: unknown) => error)
  expect(failed).toMatchObject({
    code: 'keys-invalid',
    message: expect.stringMatching(
      /1 secrets could not be opened.*1 were wrapped anew[^]*acme\/broken/,
    ),
  })
  expect(String(failed)).not.toContain('tok-in')
  expect(await keyFiles()).toHaveLength(2)

  await connect()
  const done = await keysRotate.run({ resume: true, removeOld: true }, context)
  expect(done).toMatchObject({ kept: [], removed: [expect.any(String)] })
  expect(await keyFiles()).toEqual(['master.key'])
})
