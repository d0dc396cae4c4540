import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { link, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import { masterKeyBytes, masterKeyId } from './envelope.js'
import { hasCode, openKeyDirectory, readOrCreateKeyFile, refuseOpenToOthers } from './key-file.js'

/** The master keys: one that encrypts, and those that still open what was encrypted before. */
export type KeyRing = {
  /** What is encrypted now is encrypted with this one. */
  active(): Buffer
  /** Null for a key that is not here. */
  find(keyId: string): Buffer | null
  /** Ids of all keys, the active one first. */
  ids(): readonly string[]
}

const activeFile = 'master.key'
const retiredFile = /^master-[0-9a-f]{16}\.key$/

/**
 * The keys in a folder, made the first time. What another process adds or replaces there is picked up: the active key
 * with the next encryption, another one when something asks for it. Throws PlumbError `keys-invalid`.
 */
export async function openFolderRing(directory: string): Promise<KeyRing> {
  await openKeyDirectory(directory)
  await readOrCreateKeyFile(directory, activeFile, newMasterKey)
  let loaded = load(directory)
  const fresh = () => {
    if (versionOf(directory) !== loaded.version) loaded = load(directory)
    return loaded
  }
  return {
    active: () => fresh().active,
    find(keyId) {
      const known = loaded.keys.get(keyId)
      if (known !== undefined) return known
      loaded = load(directory)
      return loaded.keys.get(keyId) ?? null
    },
    ids: () => [...fresh().keys.keys()],
  }
}

/** Keys that an operator hands to every machine, the active one first. Throws PlumbError `keys-invalid`. */
export function ringOf(texts: readonly string[]): KeyRing {
  const keys = texts.map((text, at) => parseMaster(text, `master key ${at + 1} of the settings`))
  const [active] = keys
  if (active === undefined) throw invalidKey('The settings', 'no master key')
  const byId = new Map(keys.map((key) => [masterKeyId(key), key]))
  return {
    active: () => active,
    find: (keyId) => byId.get(keyId) ?? null,
    ids: () => [...byId.keys()],
  }
}

/** Makes a new active key in a folder; the one before stays beside it. Returns the new id. */
export async function addMasterKey(directory: string): Promise<string> {
  const current = parseMaster(readFileSync(join(directory, activeFile), 'utf8'), activeFile)
  const retired = join(directory, `master-${masterKeyId(current)}.key`)
  // Under both names before the first one changes, so that no crash can lose it.
  await link(join(directory, activeFile), retired).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error
  })
  const text = newMasterKey()
  const draft = join(directory, `.${activeFile}.${randomBytes(8).toString('hex')}`)
  await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true })
  renameSync(draft, join(directory, activeFile))
  return masterKeyId(Buffer.from(text.trim(), 'hex'))
}

/** Removes every key of a folder but the active one. Returns the ids of those removed. */
export async function removeRetiredKeys(directory: string): Promise<readonly string[]> {
  const names = readdirSync(directory).filter((name) => retiredFile.test(name))
  for (const name of names) await rm(join(directory, name))
  return names.map((name) => name.slice('master-'.length, -'.key'.length))
}

type Loaded = {
  readonly active: Buffer
  readonly keys: ReadonlyMap<string, Buffer>
  readonly version: string
}

function load(directory: string): Loaded {
  const version = versionOf(directory)
  const retired = readdirSync(directory).filter((name) => retiredFile.test(name))
  const keys = [activeFile, ...retired].map((name) => {
    const path = join(directory, name)
    refuseOpenToOthers(path, '600', statSync(path))
    return parseMaster(readFileSync(path, 'utf8'), path)
  })
  const [active = Buffer.alloc(0)] = keys
  return { active, keys: new Map(keys.map((key) => [masterKeyId(key), key])), version }
}

/** Changes whenever the active key is replaced. */
function versionOf(directory: string): string {
  const { ino, mtimeMs } = statSync(join(directory, activeFile))
  return `${ino} ${mtimeMs}`
}

function newMasterKey(): string {
  return `${randomBytes(masterKeyBytes).toString('hex')}\n`
}

function parseMaster(text: string, path: string): Buffer {
  const hex = text.trim()
  if (/^[0-9a-f]{64}$/.test(hex)) return Buffer.from(hex, 'hex')
  const found = `${hex.length} characters that are not the 64 hex digits of a key`
  throw invalidKey(`"${path}"`, found)
}

function invalidKey(where: string, found: string): PlumbError {
  return new PlumbError({
    code: 'keys-invalid',
    message: `${where} holds ${found}.`,
    remedy:
      'Restore the file from a backup. Without it stored credentials can not be read: remove the folder to start over, and add the connections again.',
  })
}
