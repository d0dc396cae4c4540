import { createSync } from 'nango'
import { z } from 'zod'

const File = z.object({ id: z.string(), name: z.string(), bytes: z.number(), folderId: z.string() })
const Folder = z.object({ id: z.string(), name: z.string() })

const Entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), id: z.string(), name: z.string(), size: z.string() }),
  z.object({ kind: z.literal('folder'), id: z.string(), name: z.string() }),
  z.object({ kind: z.literal('gone'), id: z.string() }),
])

const sync = createSync({
  description: 'Walks every drive; files and folders are two models.',
  version: '2.0.0',
  frequency: 'every hour',
  checkpoint: z.object({ drive: z.string(), token: z.string() }),
  models: { File, Folder },
  exec: async (nango) => {
    const drives = await nango.get<{ id: string }[]>({ endpoint: '/drives', retries: 3 })
    for (const { id: drive } of drives.data) {
      let token = ''
      do {
        const { data } = await nango.get({
          endpoint: `/drives/${drive}/changes`,
          params: { ...(token && { token }), page_size: 3 },
          retries: 3,
        })
        const entries = z.array(Entry).parse(data.changes)
        const files = entries.flatMap((one) =>
          one.kind === 'file'
            ? [{ id: one.id, name: one.name, bytes: Number(one.size), folderId: drive }]
            : [],
        )
        const folders = entries.flatMap((one) =>
          one.kind === 'folder' ? [{ id: one.id, name: one.name }] : [],
        )
        const gone = entries.filter(({ kind }) => kind === 'gone').map(({ id }) => ({ id }))
        if (files.length) await nango.batchSave(files, 'File')
        if (folders.length) await nango.batchSave(folders, 'Folder')
        if (gone.length) await nango.batchDelete(gone, 'File')
        token = data.token ?? ''
        if (token) await nango.saveCheckpoint({ drive, token })
      } while (token)
    }
    await nango.clearCheckpoint()
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
