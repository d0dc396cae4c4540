import { createHmac } from 'node:crypto'

/** Gives the same bytes for the same text in one project, and nothing that leads back without the salt. */
export type PseudonymSource = {
  /** An endless row of numbers below `limit`. */
  numbers(kind: string, text: string): (limit: number) => number
}

/** `salt` is the project's secret. */
export function createPseudonymSource(salt: string): PseudonymSource {
  return {
    numbers(kind, text) {
      let block = 0
      let bytes = Buffer.alloc(0)
      return (limit) => {
        if (bytes.length < 4) {
          const hmac = createHmac('sha256', salt).update(`${kind}\0${block++}\0${text}`)
          bytes = hmac.digest()
        }
        const value = bytes.readUInt32BE(0)
        bytes = bytes.subarray(4)
        return value % limit
      }
    },
  }
}
