import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { PlumbError } from '@plumb/protocol'

/** `plumb1.<key id>.<wrapped data key>.<sealed text>`, the last two base64url of nonce, tag and ciphertext. */
const version = 'plumb1'
const nonceBytes = 12
const tagBytes = 16
export const masterKeyBytes = 32

/** Encrypts `plain` under a fresh data key, which the master key wraps. `context` must be given again to decrypt. */
export function sealEnvelope(master: Buffer, plain: string, context: string): string {
  const dataKey = randomBytes(masterKeyBytes)
  const wrapped = seal(master, dataKey, `${version} key ${context}`)
  const sealed = seal(dataKey, Buffer.from(plain, 'utf8'), `${version} text ${context}`)
  dataKey.fill(0)
  return [version, masterKeyId(master), wrapped, sealed].join('.')
}

/** Where master keys are looked up by their ids. */
export type MasterKeys = {
  find(keyId: string): Buffer | null
  ids(): readonly string[]
}

/** Throws PlumbError `keys-invalid` for another key, another context, or a changed text. */
export function openEnvelope(keys: MasterKeys, envelope: string, context: string): string {
  const { master, wrapped, sealed } = partsOf(keys, envelope)
  return opened(context, () => {
    const dataKey = unseal(master, wrapped, `${version} key ${context}`)
    return unseal(dataKey, sealed, `${version} text ${context}`).toString('utf8')
  })
}

/** The same secret with its data key wrapped by `to`; the secret itself is not touched. Throws as `openEnvelope`. */
export function rewrapEnvelope(
  keys: MasterKeys & { active(): Buffer },
  envelope: string,
  context: string,
): string {
  const { master, wrapped, sealed } = partsOf(keys, envelope)
  const to = keys.active()
  return opened(context, () => {
    const dataKey = unseal(master, wrapped, `${version} key ${context}`)
    // Proves that the whole envelope belongs here before the old one is given up.
    unseal(dataKey, sealed, `${version} text ${context}`)
    const again = seal(to, dataKey, `${version} key ${context}`)
    dataKey.fill(0)
    return [version, masterKeyId(to), again, sealed].join('.')
  })
}

/** What every envelope of a master key begins with. */
export function envelopePrefix(keyId: string): string {
  return `${version}.${keyId}.`
}

function partsOf(keys: MasterKeys, envelope: string) {
  const [format, keyId = '', wrapped, sealed] = envelope.split('.')
  if (format !== version || wrapped === undefined || sealed === undefined) {
    // What was stored there as it is must not be shown.
    const found = /^plumb\d{1,4}$/.test(format ?? '') ? `of format "${format}"` : 'not encrypted'
    throw invalid(`The stored secret is ${found}; "${version}" is expected.`)
  }
  const master = keys.find(keyId)
  if (master !== null) return { master, wrapped, sealed }
  const here = keys.ids()
  throw invalid(
    `The stored secret was encrypted with key ${keyId}; ${here.length === 1 ? 'this is key' : 'here are keys'} ${here.join(', ')}.`,
  )
}

function opened<T>(context: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    throw invalid(
      `The stored secret of "${context}" was changed, or belongs to something else.`,
      cause,
    )
  }
}

/** Tells keys apart without telling anything about them. */
export function masterKeyId(master: Buffer): string {
  return createHash('sha256')
    .update('plumb master key id')
    .update(master)
    .digest('hex')
    .slice(0, 16)
}

function seal(key: Buffer, plain: Buffer, context: string): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context, 'utf8'))
  const text = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')
}

function unseal(key: Buffer, sealed: string, context: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64url')
  const nonce = bytes.subarray(0, nonceBytes)
  const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(tag)
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()])
}

function invalid(message: string, cause?: unknown): PlumbError {
  return new PlumbError({
    code: 'keys-invalid',
    message,
    remedy: 'Restore the keys folder that belongs to this database, or add the connection again.',
    cause,
  })
}
