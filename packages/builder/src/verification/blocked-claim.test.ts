import { expect, test } from 'vitest'
import { providerSchema } from '@plumb/protocol'
import type { ApiDescription } from '@plumb/protocol'
import { judgeBlocked } from './blocked-claim.js'
import { checkInput } from './testing/check-input.js'
import * as sample from './testing/sample-attempt.js'

const claim = {
  reason: 'access',
  detail: 'missing scope issues:write',
  receiptIds: ['r-1'],
} as const
const denied = [
  sample.draftReceipt('r-1', { status: 403, body: { message: 'insufficient scope' } }),
]

test('blocked is believed with a refused call, and only while a new probe is refused too', async () => {
  expect(await judgeBlocked(checkInput())).toBeNull()
  const believed = await judgeBlocked(checkInput({ claim, drafts: denied }))
  expect(believed).toMatchObject({
    kind: 'blocked',
    cause: { kind: 'missing-scope', receiptIds: ['r-1'] },
  })
  const open = await judgeBlocked(
    checkInput({ claim, drafts: denied, probeAccess: async () => 'open' }),
  )
  expect(open).toMatchObject({ kind: 'rejected', findings: [{ behaviour: 'D9' }] })
  expect(await judgeBlocked(checkInput({ claim }))).toMatchObject({
    kind: 'rejected',
    findings: [{ behaviour: 'D9' }],
  })
  const overcome = [...denied, sample.draftReceipt('r-2')]
  expect(await judgeBlocked(checkInput({ claim, drafts: overcome }))).toMatchObject({
    kind: 'rejected',
  })
})

test('the gateway saying that access is lost is a claim as well, and 401 means reconnect', async () => {
  const trace = sample.trace({ kind: 'access-lost', cause: 'token revoked', receiptIds: ['r-1'] })
  const drafts = [sample.draftReceipt('r-1', { status: 401 })]
  const verdict = await judgeBlocked(checkInput({ evidence: { trace }, drafts }))
  expect(verdict).toMatchObject({ kind: 'blocked', cause: { kind: 'access-revoked' } })
})

test('what an API cannot do needs no refused call, but a look, and a person is told to read it', async () => {
  const notPossible = { ...claim, reason: 'not-possible' } as const
  expect(await judgeBlocked(checkInput({ claim: notPossible }))).toMatchObject({
    kind: 'blocked',
    cause: { kind: 'not-possible' },
    findings: [{ behaviour: 'D9', severity: 'warn' }],
  })
  const probed = sample.draftReceipt('r-1', { change: { purpose: 'probe' } })
  for (const drafts of [[], [probed]])
    expect(await judgeBlocked(checkInput({ claim: notPossible, drafts }))).toMatchObject({
      kind: 'rejected',
      findings: [{ behaviour: 'D9', severity: 'reject' }],
    })
})

test('a refusal that hides behind 200 is known by the rules of the provider, and names the scope', async () => {
  const access = [
    { kind: 'missing-scope', path: 'error', matches: '^missing_scope$', scopePath: 'needed' },
  ]
  const proxy = { ...sample.provider.proxy, successPath: 'ok', access }
  const slack = providerSchema.parse({ ...sample.provider, proxy })
  const body = { ok: false, error: 'missing_scope', needed: 'chat:write' }
  const drafts = [sample.draftReceipt('r-1', { body })]
  const verdict = await judgeBlocked(checkInput({ claim, provider: slack, drafts }))
  expect(verdict).toMatchObject({ kind: 'blocked', cause: { kind: 'missing-scope' } })
  expect(verdict?.kind === 'blocked' && verdict.cause.remedy).toContain('the scope chat:write')
})

const summaries = ['Read one issue by its id', 'Search issues', 'Create an issue']
const described = {
  ...sample.description,
  operations: sample.description.operations.map((one, at) => ({
    ...one,
    summary: summaries[at] ?? '',
  })),
}
const explored = (path: string, status = 403) =>
  sample.draftReceipt('r-1', { path, status, executionId: null })

test('a refusal of something else blocks nothing', async () => {
  const judged = async (path: string, status?: number) =>
    (
      await judgeBlocked(
        checkInput({ claim, drafts: [explored(path, status)], description: described }),
      )
    )?.kind
  expect(await judged('/companies/3/notes')).toBe('rejected')
  expect(await judged('/billing')).toBe('rejected')
  expect(await judged('/billing', 401)).toBe('blocked')
  expect(await judged('/issues/7')).toBe('blocked')
  expect(await judged('/projects/3/issues')).toBe('blocked')
  expect(await judged('/me')).toBe('blocked')
  const drafts = [sample.draftReceipt('r-1', { path: '/companies/3/notes', status: 403 })]
  expect((await judgeBlocked(checkInput({ claim, drafts, description: described })))?.kind).toBe(
    'blocked',
  )
})

test('a refusal counts where no operation is plainly meant', async () => {
  const description = { ...sample.description, operations: [] }
  const drafts = [explored('/companies/3/notes')]
  expect((await judgeBlocked(checkInput({ claim, drafts, description })))?.kind).toBe('blocked')
})

test('what is plainly there is called before it is said to be impossible', async () => {
  const notPossible = { ...claim, reason: 'not-possible' } as const
  const judged = async (path: string, description: ApiDescription) =>
    (
      await judgeBlocked(
        checkInput({ claim: notPossible, drafts: [explored(path, 200)], description }),
      )
    )?.kind
  expect(await judged('/labels', described)).toBe('rejected')
  expect(await judged('/issues/7', described)).toBe('blocked')
  expect(await judged('/labels', { ...described, operations: [] })).toBe('blocked')
})
