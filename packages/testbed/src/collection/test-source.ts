type Named = { readonly integration: string; readonly name: string; readonly model: string }

/** A test of an action, in the form that generators of this authoring interface write. */
export function actionTestSource({ integration, name, model }: Named): string {
  return `import { describe, expect, it } from 'vitest'

import createAction from '../actions/${name}.js'

describe('${integration} ${name}', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: '${name}',
    Model: '${model}',
  })

  it('answers what was recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()

    expect(response).toEqual(output)
  })
})
`
}

export function syncTestSource({ integration, name, model }: Named): string {
  return `import { afterEach, describe, expect, it, vi } from 'vitest'

import createSync from '../syncs/${name}.js'

describe('${integration} ${name}', () => {
  const open = () =>
    new global.vitest.NangoSyncMock({ dirname: __dirname, name: '${name}', Model: '${model}' })

  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('saves what was recorded', async () => {
    const nangoMock = open()
    const saves = vi.spyOn(nangoMock, 'batchSave')
    await createSync.exec(nangoMock)
    const expected = await nangoMock.getBatchSaveData('${model}')
    const rows = saves.mock.calls.flatMap(([page, model]) => (model === '${model}' ? page : []))
    expect(JSON.parse(JSON.stringify(rows))).toStrictEqual(expected)
  })

  it('deletes what was recorded', async () => {
    const nangoMock = open()
    await createSync.exec(nangoMock)
    const expected = await nangoMock.getBatchDeleteData('${model}')
    if (expected && expected.length > 0) {
      expect(nangoMock.batchDelete).toHaveBeenCalledWith(expected, '${model}')
    }
  })
})
`
}
