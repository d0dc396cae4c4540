import { createSync } from 'nango'
import { Agent } from '../models.js'

const sync = createSync({
  description: 'Copies the agents, page by page and by hand.',
  version: '1.0.0',
  frequency: 'every half hour',
  models: { Agent },
  exec: async (nango) => {
    await nango.trackDeletesStart('Agent')
    let cursor: string | undefined
    do {
      const { data } = await nango.get<{
        agents: { uid: number; display: string; queues?: string[] }[]
        next: string | null
      }>({
        endpoint: '/api/agents',
        params: { limit: 3, ...(cursor !== undefined && { cursor }) },
        retries: 10,
      })
      const agents = data.agents.map(({ uid, display, queues }) => ({
        id: uid.toString(),
        name: display,
        queues: queues ?? [],
      }))
      await nango.batchSave(agents, 'Agent')
      cursor = data.next ?? undefined
    } while (cursor !== undefined)
    const { deletedKeys } = (await nango.trackDeletesEnd('Agent')) ?? { deletedKeys: [] }
    await nango.log(`${deletedKeys.length} agents are gone`, { level: 'info' })
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
