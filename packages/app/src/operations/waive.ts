import type { Waived } from '@plumb/builder'
import { PlumbError, waiverReasons } from '@plumb/protocol'
import type { WaiverEvidence, WaiverReason } from '@plumb/protocol'
import { z } from 'zod'
import { withWorkbench } from '../workbench.js'
import { accountName } from './account-name.js'
import { defineOperation } from './operation.js'

const reasons = Object.keys(waiverReasons) as [WaiverReason, ...WaiverReason[]]

/** `plumb waive`: a person decides that one finding of an attempt does not reject. */
export const waive = defineOperation({
  name: 'waive',
  summary: 'Decide, with a reason and evidence, that a finding does not reject',
  input: z.object({
    finding: z.string().describe('id of a rejecting finding, such as `fnd_3a91c0de`'),
    reason: z.enum(reasons).describe(`one of: ${reasons.join(', ')}`),
    evidence: z
      .string()
      .describe('what it rests on: `receipt:<id>`, `docs:<url>` or `operation:<id>`'),
    by: z
      .string()
      .min(2)
      .optional()
      .describe('name of the person who decided; needed where an error became a success (D1-D4)'),
  }),
  positionals: ['finding'],
  examples: [
    'plumb waive fnd_3a91c0de --reason documented-behaviour --evidence docs:https://example.com/api',
    'plumb waive fnd_3a91c0de --reason asked-for --evidence receipt:rcp_1f0c --by "Ada Byron"',
  ],
  run: ({ finding, reason, evidence, by }, context) =>
    withWorkbench(context, async ({ db }) => {
      const { waiveFinding } = await import('@plumb/builder')
      return waiveFinding(db, {
        ...{ finding, reason },
        evidence: evidenceIn(evidence),
        by: by ?? null,
        account: accountName(),
        now: new Date().toISOString(),
      })
    }),
  text: renderWaived,
  exitCode: ({ outcome }) => (outcome === 'accepted' ? 0 : 1),
  exits: {
    '0': 'the interaction is accepted now',
    '1': 'the waiver is kept; the interaction stays rejected',
  },
})

function evidenceIn(text: string): WaiverEvidence {
  const [, kind, value = ''] = /^(receipt|docs|operation):(.+)$/s.exec(text) ?? []
  if (kind === 'receipt') return { kind, receiptId: value }
  if (kind === 'docs') return { kind, url: value }
  if (kind === 'operation') return { kind, operationId: value }
  throw new PlumbError({
    code: 'usage',
    message: `"${text}" names no evidence.`,
    remedy: 'Write --evidence receipt:<id>, docs:<url> or operation:<id>.',
  })
}

function renderWaived({ waiver, interaction, outcome, open, missing }: Waived): string {
  const head = `${waiver.findingId} (${waiver.behaviour}) is waived by ${waiver.by}: ${waiverReasons[waiver.reason]}`
  if (outcome === 'accepted')
    return `${head}\n${interaction} is accepted now. Run the same \`plumb build\` again: it goes on with the run and assembles it.`
  const why = missing ?? `These findings still reject it: ${open.join(', ')}.`
  return `${head}\n${interaction} stays rejected. ${why}`
}
