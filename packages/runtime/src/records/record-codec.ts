import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto'
import { canonicalJson, PlumbError } from '@plumb/protocol'
import type { JsonObject } from '@plumb/protocol'
import { recordHashBytes } from '@plumb/store'
import type {
  RecordHashes,
  RecordRow,
  RecordRows,
  RecordStream,
  RecordStreamName,
} from '@plumb/store'
import type { StoredRecord } from './stored-record.js'
import type { Keys } from '../keys/open-keys.js'
import { escapeJson, escapeText, unescapeJson, unescapeText } from './escape-json.js'

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
/** Longest id in bytes: an index entry of PostgreSQL has room for not much more. */
const mostIdBytes = 2000

/** Records as they are compared: each id once, with the JSON that is stored. */
export type EncodedRecords = RecordHashes & {
  /** With sorted keys. */
  readonly texts: readonly string[]
}

/** Turns records into what is stored of them, and back. */
export type RecordCodec = {
  encode(records: readonly StoredRecord[]): EncodedRecords
  /** Those at `places`, with their payloads. */
  rows(encoded: EncodedRecords, places: readonly number[]): RecordRows
  /** Null for a record that was pruned. */
  decode(row: Pick<RecordRow, 'externalId' | 'payload' | 'sealed'>): StoredRecord | null
}

/** A new key for the records of one stream, wrapped. */
export function newRecordKey(keys: Pick<Keys, 'encrypt'>, name: RecordStreamName): string {
  return keys.encrypt(randomBytes(keyBytes).toString('base64url'), recordKeyContext(name))
}

/** What the key of a stream is bound to. */
export function recordKeyContext(name: RecordStreamName): string {
  const { environment, integrationKey, connectionId, model, variant } = name
  return `records ${JSON.stringify([environment, integrationKey, connectionId, model, variant])}`
}

/** Throws PlumbError `keys-invalid` for a stream of other keys. */
export function openRecordCodec(
  keys: Pick<Keys, 'decrypt'>,
  name: RecordStreamName,
  stream: RecordStream,
): RecordCodec {
  const key = Buffer.from(keys.decrypt(stream.encryptedKey, recordKeyContext(name)), 'base64url')
  // Without a secret in it, a hash would tell what a short record says.
  const salt = Buffer.from(hkdfSync('sha256', key, '', 'record hashes', keyBytes)).toString('hex')
  return {
    encode: (records) => encode(records, salt),
    rows: (encoded, places) => rowsOf(encoded, places, stream.payloads === 'plain' ? null : key),
    decode: (row) => decode(row, key),
  }
}

function encode(records: readonly StoredRecord[], salt: string): EncodedRecords {
  // Of two with the same id the last one counts.
  const byId = new Map(records.map((record) => [storedId(record.id), record]))
  const texts = Array.from(byId.values(), (record) => canonicalJson(record))
  const hashes = Buffer.allocUnsafe(texts.length * recordHashBytes)
  texts.forEach((text, n) => {
    hashes.write(
      hash('sha256', salt + text, 'base64'),
      n * recordHashBytes,
      recordHashBytes,
      'base64',
    )
  })
  return { ids: [...byId.keys()], texts, hashes }
}

/** An id as it is stored. Throws PlumbError `request-invalid` for one that is empty or too long. */
export function storedId(id: string): string {
  if (id !== '' && id.length * 3 <= mostIdBytes) return escapeText(id)
  const escaped = escapeText(id)
  const bytes = Buffer.byteLength(escaped)
  if (bytes > 0 && bytes <= mostIdBytes) return escaped
  throw new PlumbError({
    code: 'request-invalid',
    message: `The id of a record has ${bytes} bytes: ${JSON.stringify(id.slice(0, 100))}. It must have 1 to ${mostIdBytes}.`,
    remedy: 'Take the id that the provider gives to the object.',
  })
}

function rowsOf(
  { ids, texts, hashes }: EncodedRecords,
  places: readonly number[],
  key: Buffer | null,
): RecordRows {
  const nonces = key === null ? null : randomBytes(nonceBytes * places.length)
  const payloads = places.map((place, n) => {
    const text = texts[place] ?? ''
    if (key === null || nonces === null) return Buffer.from(escapeJson(text), 'utf8')
    const nonce = nonces.subarray(n * nonceBytes, (n + 1) * nonceBytes)
    return seal(text, { key, nonce, id: ids[place] ?? '' })
  })
  return {
    ids: places.map((place) => ids[place] ?? ''),
    hashes: Buffer.concat(
      places.map((n) => hashes.subarray(n * recordHashBytes, (n + 1) * recordHashBytes)),
    ),
    payloads: Buffer.concat(payloads),
    lengths: payloads.map(({ length }) => length),
  }
}

/** Nonce, ciphertext, tag; bound to the id, so that payloads can not be exchanged. */
function seal(text: string, o: { key: Buffer; nonce: Buffer; id: string }): Buffer {
  const cipher = createCipheriv('aes-256-gcm', o.key, o.nonce).setAAD(Buffer.from(o.id, 'utf8'))
  const sealed = cipher.update(text, 'utf8')
  cipher.final()
  return Buffer.concat([o.nonce, sealed, cipher.getAuthTag()])
}

function decode(
  { externalId, payload, sealed }: Pick<RecordRow, 'externalId' | 'payload' | 'sealed'>,
  key: Buffer,
): StoredRecord | null {
  if (payload !== null) return parse(unescapeJson(payload))
  if (sealed === null) return null
  const nonce = sealed.subarray(0, nonceBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(externalId, 'utf8')).setAuthTag(sealed.subarray(-tagBytes))
  try {
    const text = decipher.update(sealed.subarray(nonceBytes, -tagBytes))
    decipher.final()
    return parse(text.toString('utf8'))
  } catch (cause) {
    throw new PlumbError({
      code: 'keys-invalid',
      message: `The stored record ${JSON.stringify(unescapeText(externalId))} was changed, or belongs to another key.`,
      remedy:
        'Restore the database and the keys folder that belong together, or let the sync save it again.',
      cause,
    })
  }
}

function parse(text: string): StoredRecord {
  return JSON.parse(text) as JsonObject & { readonly id: string }
}
