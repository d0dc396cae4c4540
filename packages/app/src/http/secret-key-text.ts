import { createHash } from 'node:crypto'

/** Marks a text as a secret key of Plumb, for people and for tools that look for leaked secrets. */
const prefix = 'plumb_sk_'

/** The text of a new key out of 32 random bytes. */
export function secretKeyText(random: (bytes: number) => Buffer): string {
  return prefix + random(32).toString('base64url')
}

/** What is stored of a key. Its 256 random bits need no slow hash, and an index finds it without comparing texts. */
export function secretKeyHash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
