import { createSync } from 'nango'
import { z } from 'zod'
import { Message } from '../models.js'

const dayMs = 24 * 60 * 60 * 1000

const sync = createSync({
  description: 'Copies the messages of the last three days, day by day.',
  version: '1.0.0',
  frequency: 'every 15 minutes',
  checkpoint: z.object({ upTo: z.string() }),
  models: { Message },
  exec: async (nango) => {
    const now = Date.now()
    const checkpoint = await nango.getCheckpoint()
    let from = checkpoint ? Date.parse(checkpoint.upTo) : now - 3 * dayMs
    while (from < now) {
      const to = Math.min(from + dayMs, now)
      const { data } = await nango.get({
        endpoint: '/mailbox/messages',
        params: { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
        retries: 10,
      })
      const messages = z.array(z.unknown()).parse(data.messages).map(toMessage)
      if (messages.length > 0) await nango.batchSave(messages, 'Message')
      await nango.saveCheckpoint({ upTo: new Date(to).toISOString() })
      from = to
    }
  },
})

function toMessage(raw: unknown): Message {
  const row = z
    .object({ uid: z.number(), head: z.array(z.tuple([z.string(), z.string()])), ms: z.number() })
    .parse(raw)
  const headers = Object.fromEntries(row.head.map(([name, value]) => [name.toLowerCase(), value]))
  return {
    id: `m${row.uid}`,
    subject: headers['subject'] ?? '(none)',
    at: new Date(row.ms).toISOString(),
    headers,
  }
}

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
