import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import type { ReceiptSigner } from '@plumb/store'
import { openEnvelope, rewrapEnvelope, sealEnvelope } from './envelope.js'
import { openKeyDirectory, readOrCreateKeyFile } from './key-file.js'
import { openFolderRing, ringOf } from './key-ring.js'

export type Keys = {
  /** Signs receipts with Ed25519. */
  readonly signer: ReceiptSigner
  /** By key id; for `verifyReceipts`. */
  readonly publicKeys: ReadonlyMap<string, KeyObject>
  /** AES-256-GCM; `context` names what the secret belongs to, and must be given again to `decrypt`. */
  encrypt(plain: string, context?: string): string
  /** Throws PlumbError `keys-invalid` for a text of another key, of another context, or changed. */
  decrypt(envelope: string, context?: string): string
  /** The same secret under the active master key. Throws as `decrypt`. */
  rewrap(envelope: string, context?: string): string
  /** Ids of the master keys, the active one first. */
  masterKeyIds(): readonly string[]
}

const signingFile = 'signing.pem'

/**
 * Reads the keys in `directory`, and makes them the first time (folder 0700, files 0600). `masterKeys`, 64 hex digits
 * each and the active one first, are used instead of those of the folder, where several machines share a database.
 * Throws PlumbError `keys-invalid` for unreadable keys and for permissions that let others in.
 */
export async function openKeys(
  directory: string,
  { masterKeys = [] }: { readonly masterKeys?: readonly string[] } = {},
): Promise<Keys> {
  await openKeyDirectory(directory)
  const ring = masterKeys.length > 0 ? ringOf(masterKeys) : await openFolderRing(directory)
  const signing = parseSigningKey(
    await readOrCreateKeyFile(directory, signingFile, newSigningKey),
    join(directory, signingFile),
  )
  const publicKey = createPublicKey(signing)
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const keyId = createHash('sha256').update(spki).digest('hex').slice(0, 16)
  return {
    signer: {
      keyId,
      sign: (hash) => sign(null, Buffer.from(hash, 'utf8'), signing).toString('base64'),
    },
    publicKeys: new Map([[keyId, publicKey]]),
    encrypt: (plain, context = '') => sealEnvelope(ring.active(), plain, context),
    decrypt: (envelope, context = '') => openEnvelope(ring, envelope, context),
    rewrap: (envelope, context = '') => rewrapEnvelope(ring, envelope, context),
    masterKeyIds: () => ring.ids(),
  }
}

function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function parseSigningKey(text: string, path: string): KeyObject {
  try {
    const key = createPrivateKey(text)
    if (key.asymmetricKeyType === 'ed25519') return key
    throw garbage(path, `a key of type "${key.asymmetricKeyType}" instead of "ed25519"`)
  } catch (error) {
    if (error instanceof PlumbError) throw error
    throw garbage(path, 'no private key in PEM form')
  }
}

function garbage(path: string, found: string): PlumbError {
  return new PlumbError({
    code: 'keys-invalid',
    message: `"${path}" holds ${found}.`,
    remedy:
      'Restore the file from a backup. Without it stored credentials can not be read: remove the folder to start over, and add the connections again.',
  })
}
