import type { Database, RecordOwner, RecordStream } from '@plumb/store'
import { openRecordStream } from '@plumb/store'
import type { Keys } from '../keys/open-keys.js'
import { newRecordKey, openRecordCodec } from './record-codec.js'
import type { RecordCodec } from './record-codec.js'

export type RecordStore = {
  readonly db: Database
  readonly keys: Pick<Keys, 'encrypt' | 'decrypt'>
}

export type OpenStream = RecordStream & { readonly model: string; readonly codec: RecordCodec }

/** The streams of one variant of a connection by model, each looked up once. */
export function openStreams(
  { db, keys }: RecordStore,
  owner: RecordOwner & { readonly variant: string },
  now: () => number,
): (model: string) => Promise<OpenStream> {
  const { environment, integrationKey, connectionId, variant } = owner
  const open = async (model: string): Promise<OpenStream> => {
    const name = { environment, integrationKey, connectionId, model, variant }
    const stream = await openRecordStream(db, name, {
      newKey: () => newRecordKey(keys, name),
      now: new Date(now()).toISOString(),
    })
    return { ...stream, model, codec: openRecordCodec(keys, name, stream) }
  }
  const streams = new Map<string, Promise<OpenStream>>()
  return (model) => {
    const opened = streams.get(model) ?? open(model)
    streams.set(model, opened)
    opened.catch(() => streams.delete(model))
    return opened
  }
}
