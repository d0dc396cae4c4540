import { createSync } from 'nango'
import type { ProxyConfiguration } from 'nango'
import { z } from 'zod'
import { Activity } from '../models.js'

const sync = createSync({
  description: 'Copies activities from where the last execution stopped.',
  version: '1.0.0',
  frequency: 'every 30m',
  checkpoint: z.object({ offset: z.number() }),
  models: { Activity },
  exec: async (nango) => {
    const checkpoint = await nango.getCheckpoint()
    let reached: number | undefined
    const config: ProxyConfiguration = {
      endpoint: '/v2/activities',
      paginate: {
        type: 'offset',
        offset_name_in_request: 'start',
        offset_start_value: checkpoint?.offset ?? 0,
        offset_calculation_method: 'by-response-size',
        limit_name_in_request: 'count',
        limit: 2,
        response_path: 'data.rows',
        on_page: async ({ nextPageParam }) => {
          reached = typeof nextPageParam === 'number' ? nextPageParam : undefined
        },
      },
      retries: 3,
    }
    for await (const rows of nango.paginate<{ id: number; type: string; when: string }>(config)) {
      const activities = rows.map((row) => ({
        id: String(row.id),
        kind: row.type,
        at: new Date(row.when).toISOString(),
      }))
      await nango.batchSave(activities, 'Activity')
      if (reached !== undefined) await nango.saveCheckpoint({ offset: reached })
    }
    await nango.clearCheckpoint()
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
