import { createSync } from 'nango'
import { Team } from '../models.js'

const sync = createSync({
  description: 'Copies the teams, page by page.',
  version: '1.0.0',
  frequency: 'every 12 hours',
  models: { Team },
  exec: async (nango) => {
    for await (const page of nango.paginate<{ code: string; title: string; size: number }>({
      endpoint: '/teams',
      paginate: {
        type: 'offset',
        offset_name_in_request: 'page',
        offset_start_value: 1,
        offset_calculation_method: 'per-page',
        limit_name_in_request: 'pageSize',
        limit: 2,
        response_path: 'teams',
      },
      retries: 10,
    })) {
      const teams = page.map(({ code, title, size }) => ({ id: code, name: title, members: size }))
      await nango.batchSave(teams, 'Team')
    }
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
