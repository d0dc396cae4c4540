import type { Receipt, ReceiptDraft } from '@plumb/protocol'
import type { Database, Queryable } from '../database/database.js'
import { receiptHash } from './receipt-hash.js'

/** `sign` gives the base64 Ed25519 signature over the text of a hash. */
export type ReceiptSigner = {
  readonly keyId: string
  sign(hash: string): string
}

/** Numbers, chains, signs and stores a receipt. Appends to one chain wait for each other. */
export async function appendReceipt(
  db: Database,
  draft: ReceiptDraft,
  signer: ReceiptSigner,
): Promise<Receipt> {
  return db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('plumb receipts ' || $1, 0))`, [
      draft.chain,
    ])
    const last = await lastOfChain(tx, draft.chain)
    const numbered = {
      ...draft,
      sequence: (last?.sequence ?? 0) + 1,
      previousHash: last?.hash ?? null,
      keyId: signer.keyId,
    }
    const hash = receiptHash(numbered)
    const receipt: Receipt = { ...numbered, hash, signature: signer.sign(hash) }
    await insert(tx, receipt)
    return receipt
  })
}

async function lastOfChain(
  db: Queryable,
  chain: string,
): Promise<Pick<Receipt, 'sequence' | 'hash'> | undefined> {
  const [last] = await db.query<Pick<Receipt, 'sequence' | 'hash'>>(
    'select sequence, hash from plumb.receipts where chain = $1 order by sequence desc limit 1',
    [chain],
  )
  return last
}

async function insert(db: Queryable, receipt: Receipt): Promise<void> {
  await db.query(
    `insert into plumb.receipts (id, chain, sequence, hash, attempt_id, execution_id, body)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      receipt.id,
      receipt.chain,
      receipt.sequence,
      receipt.hash,
      receipt.attemptId,
      receipt.executionId,
      JSON.stringify(receipt),
    ],
  )
}

/** Members that are given must all match; without any, every receipt does. */
export type ReceiptFilter = {
  readonly attemptId?: string
  readonly executionId?: string
  readonly chain?: string
  readonly ids?: readonly string[]
}

/** Receipts by chain and sequence. */
export async function listReceipts(
  db: Queryable,
  filter: ReceiptFilter,
): Promise<readonly Receipt[]> {
  const rows = await db.query<{ body: Receipt }>(
    `select body from plumb.receipts
     where ($1::text is null or attempt_id = $1) and ($2::text is null or execution_id = $2)
       and ($3::text is null or chain = $3) and ($4::text[] is null or id = any ($4))
     order by chain, sequence`,
    [
      filter.attemptId ?? null,
      filter.executionId ?? null,
      filter.chain ?? null,
      filter.ids === undefined ? null : [...filter.ids],
    ],
  )
  return rows.map((row) => row.body)
}
