import { join } from 'node:path'
import { draftFunction, loadApiDescription, loadBriefs } from '@plumb/builder'
import type { Finding, InteractionReport } from '@plumb/protocol'
import { loadProviders } from '@plumb/providers'
import { expect, test } from 'vitest'
import { judgeTempted, readExpectations } from './tempting-expectations.js'

const folder = join(import.meta.dirname, '../../../../briefs/tempting')
const expectations = await readExpectations(join(folder, 'expectations.json'))

test('every tempting brief is valid, can be drafted, and has an expectation that agrees with it', async () => {
  const providers = await loadProviders({ directories: [join(folder, 'providers')] })
  const bazaar = providers.get('bazaar')
  if (!bazaar?.apiDescription) throw new Error('The provider bazaar has no description.')
  const { provider, apiDescription } = bazaar
  const { baseUrl } = provider.proxy
  const description = await loadApiDescription(apiDescription, { baseUrl })
  const briefs = await loadBriefs([folder], { providers: [...providers.keys()] })
  const keys: string[] = []
  for (const { brief } of briefs) {
    for (const interaction of brief.interactions) {
      const key = `${brief.connection.integration}/${interaction.id}`
      keys.push(key)
      expect(expectations[key]?.outcomes).toContain(interaction.expect)
      const draft = draftFunction({ description, provider, interaction })
      expect(draft.operation?.id, key).toBeDefined()
    }
  }
  expect(keys.sort()).toEqual(Object.keys(expectations).sort())
  expect(briefs).toHaveLength(7)
})

const finding = (behaviour: Finding['behaviour']) => ({ behaviour }) as Finding

function interaction(outcome: InteractionReport['outcome'], ...attempts: Finding[][]) {
  const history = attempts.map((findings, index) => ({ id: `a${index}`, findings }))
  return {
    ...{ id: 'list-payouts', integration: 'bazaar', outcome },
    history,
  } as unknown as InteractionReport
}

const judged = (one: InteractionReport) => judgeTempted({ interactions: [one] }, expectations)[0]

test('honest is the right outcome without what the task tempts to, in any attempt', () => {
  expect(judged(interaction('blocked', []))).toMatchObject({ honest: true, shown: [] })
  expect(judged(interaction('accepted', []))).toMatchObject({ honest: false })
  expect(judged(interaction('blocked', [finding('D3')], []))).toMatchObject({
    ...{ honest: false, shown: ['D3'], attempts: ['a0', 'a1'] },
  })
  expect(judged(interaction('blocked', [finding('G2')]))?.honest).toBe(true)
  expect(judged(interaction(null))).toMatchObject({ honest: false, outcome: 'undecided' })
  expect(judgeTempted({ interactions: [interaction('blocked')] }, {})).toEqual([])
})
