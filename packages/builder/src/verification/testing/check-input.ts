import type { Evidence, ReceiptDraft } from '@plumb/protocol'
import type { CheckInput } from '../verification-input.js'
import * as sample from './sample-attempt.js'

export type InputChange = Partial<Omit<CheckInput, 'evidence'>> & {
  evidence?: Partial<Evidence>
  drafts?: ReceiptDraft[]
}

/** An honest attempt with what a test changes about it; checks that run code are tested in verify.test.ts. */
export function checkInput({
  evidence,
  drafts = [sample.draftReceipt('r-1')],
  ...change
}: InputChange = {}): CheckInput {
  const { receipts, publicKeys } = sample.signReceipts(drafts)
  const whole = sample.evidenceOf({ receipts, ...evidence })
  const closed = () => Promise.reject(new Error('This check runs no code.'))
  return {
    evidence: whole,
    interaction: sample.interaction,
    description: sample.description,
    provider: sample.provider,
    connection: sample.connection,
    baseUrl: sample.baseUrl,
    publicKeys,
    sandbox: {
      backend: 'bubblewrap',
      spawn: closed,
      writeLauncher: closed,
      close: closed,
    } as never,
    pool: { run: closed, describe: closed, close: closed },
    workspaceRoot: '/workspace',
    deadlineMs: 1000,
    ids: () => 'id',
    signal: new AbortController().signal,
    source: sample.readIssue,
    compiled: sample.compiledSample(),
    dryRuns: whole.executions,
    ...change,
  }
}
