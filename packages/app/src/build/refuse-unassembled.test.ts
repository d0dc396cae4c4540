import type { AssembledIntegration } from '@plumb/builder'
import { expect, test } from 'vitest'
import { refuseUnassembled } from './refuse-unassembled.js'

const good: AssembledIntegration = {
  integration: 'crm',
  result: { kind: 'assembled', directory: '/out/crm', files: [], commit: null },
}

test('what was written is no reason to complain', () => {
  expect(() => refuseUnassembled([good])).not.toThrow()
})

test('files in the way are named, with what to do and that nothing is lost', () => {
  const result = { kind: 'conflict', paths: ['actions/a.ts'], remedy: 'Move them.' } as const
  expect(() => refuseUnassembled([good, { integration: 'desk', result }])).toThrow(
    expect.objectContaining({
      code: 'output-invalid',
      message: 'desk was not written: actions/a.ts would be overwritten.',
      remedy: expect.stringMatching(/^Move them\.\nNothing accepted is lost/) as string,
    }),
  )
})

test('functions that do not hold together are named with the reason', () => {
  const finding = { check: 'names', severity: 'reject', message: 'Two export "a".' } as const
  const result = {
    kind: 'rejected',
    findings: [{ ...finding, evidence: {}, interactionId: 'a' }],
  } as unknown as AssembledIntegration['result']
  expect(() => refuseUnassembled([{ integration: 'desk', result }])).toThrow('a: Two export "a".')
})
