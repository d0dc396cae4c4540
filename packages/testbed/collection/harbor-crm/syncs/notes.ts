import { createSync } from 'nango'
import { Note } from '../models.js'

const sync = createSync({
  description: 'Copies the notes of the whole account.',
  version: '1.0.0',
  frequency: 'every day',
  syncType: 'full',
  trackDeletes: true,
  models: { Note: Note },
  exec: async (nango) => {
    const paginate = {
      type: 'offset' as const,
      offset_name_in_request: 'page',
      offset_start_value: 1,
      offset_calculation_method: 'per-page' as const,
      limit_name_in_request: 'size',
      limit: 2,
      response_path: 'notes',
    }
    let saved = 0
    for await (const page of nango.paginate({ endpoint: 'v2/notes', paginate })) {
      const notes: Note[] = page.map((raw: { uid: string; body: string }) => ({
        id: raw.uid,
        text: raw.body.replace(/<[^>]+>/g, ''),
      }))
      await nango.batchSave(notes, 'Note')
      saved += notes.length
    }
    await nango.log('Saved notes', { saved })
    await nango.deleteRecordsFromPreviousExecutions('Note')
  },
})

export default sync
