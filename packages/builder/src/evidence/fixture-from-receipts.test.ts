import { expect, test } from 'vitest'
import { fixtureSchema } from '@plumb/protocol'
import type { Execution, ReceiptDraft } from '@plumb/protocol'
import * as sample from '../verification/testing/sample-attempt.js'
import { endpointOf, fixtureFromReceipts } from '@plumb/toolchain'

function fixture(
  drafts: ReceiptDraft[],
  change: Partial<Execution> = {},
  baseUrl = sample.baseUrl,
) {
  const { receipts } = sample.signReceipts(drafts)
  const execution = sample.dryRun(sample.readIssue, change)
  return fixtureFromReceipts({ execution, receipts, baseUrl, connection: sample.connection })
}

function withRequest(
  id: string,
  request: Partial<ReceiptDraft['request']>,
  path = '/issues',
): ReceiptDraft {
  const draft = sample.draftReceipt(id, { path })
  return { ...draft, request: { ...draft.request, ...request } }
}

test('a fixture holds input, output, clock and the exchanges of its execution only', () => {
  const made = fixture([
    sample.draftReceipt('r-0', { executionId: null, path: '/me' }),
    sample.draftReceipt('r-1'),
    sample.draftReceipt('r-2', { executionId: 'other' }),
    sample.draftReceipt('r-3', { path: '/me', change: { purpose: 'probe' } }),
  ])
  expect(fixtureSchema.parse(made)).toEqual(made)
  expect(made).toMatchObject({
    input: { id: '7' },
    output: { id: '7', title: 'Leak' },
    nango: { recorded: { now: sample.startedAt, seed: 'run-1', baseUrl: sample.baseUrl } },
  })
  expect(made.api).toEqual({
    get: {
      '/issues/7': [
        {
          response: { id: '7', title: 'Leak' },
          status: 200,
          headers: { 'content-type': 'application/json' },
          request: {},
          receipt: 'r-1',
        },
      ],
    },
  })
})

test('secrets and noise stay out, what tells requests apart stays in', () => {
  const headers = {
    authorization: '[secret]',
    'x-api-key': '[secret]',
    'user-agent': 'plumb',
    accept: '*/*',
    'notion-version': '2022-06-28',
    'idempotency-key': 'k',
  }
  const url = `${sample.baseUrl}/issues?key=%5Bsecret%5D&label=a&label=b&page=2`
  const made = fixture([withRequest('r-1', { headers, url })])
  const entries = made.api?.['get']?.['/issues']
  expect(Array.isArray(entries) && entries[0]?.request).toEqual({
    params: { label: 'a,b', page: '2' },
    headers: { 'notion-version': '2022-06-28', 'idempotency-key': 'k' },
  })
  expect(JSON.stringify(made)).not.toContain('secret')
})

test('the same endpoint asked twice keeps both answers in order; records and checkpoint of a sync are kept', () => {
  const records = { Issue: { saved: [{ id: '1' }], updated: [], deleted: [{ id: '2' }] } }
  const made = fixture([sample.draftReceipt('r-1', { status: 429 }), sample.draftReceipt('r-2')], {
    records,
    startCheckpoint: { since: 'x' },
    outcome: { kind: 'returned', output: null },
  })
  const entries = made.api?.['get']?.['/issues/7']
  expect(Array.isArray(entries) && entries.map(({ status }) => status)).toEqual([429, 200])
  expect(made.nango).toMatchObject({
    batchSave: { Issue: [{ id: '1' }] },
    batchDelete: { Issue: [{ id: '2' }] },
    getCheckpoint: { since: 'x' },
  })
  expect(made.nango?.batchUpdate).toBeUndefined()
})

test.each([
  ['https://api.example.com/v1/issues/7?x=1', 'https://api.example.com/v1', '/issues/7'],
  ['https://api.example.com/v1/issues', 'https://api.example.com/v1/', '/issues'],
  ['https://api.example.com/issues', 'https://api.example.com', '/issues'],
  [
    'https://api.example.com/v10/issues',
    'https://api.example.com/v1',
    'https://api.example.com/v10/issues',
  ],
  ['https://files.example.com/a/b', 'https://api.example.com', 'https://files.example.com/a/b'],
])('%s below %s is %s', (url, base, endpoint) => {
  expect(endpointOf(url, base)).toBe(endpoint)
})

test('text and binary answers are kept as they are', () => {
  const draft = sample.draftReceipt('r-1')
  const body = { encoding: 'base64', text: 'AAEC', bytes: 3, sha256: '' } as const
  const binary = { ...draft, response: { status: 200, headers: {}, body } }
  const text = {
    ...draft,
    id: 'r-2',
    response: {
      status: 200,
      headers: {},
      body: { ...body, encoding: 'utf8', text: 'a,b\n' } as const,
    },
  }
  const entries = fixture([binary, text]).api?.['get']?.['/issues/7']
  expect(Array.isArray(entries) && entries.map(({ response }) => response)).toEqual([
    { $base64: 'AAEC' },
    'a,b\n',
  ])
})
