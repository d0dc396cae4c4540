import { z } from 'zod'
import { dryRunFields } from '../dryrun/dry-run-input.js'
import { renderDryRun } from '../dryrun/render-dry-run.js'
import { runDryRun } from '../dryrun/run-dry-run.js'
import { defineOperation } from './operation.js'

/** `plumb record`: a fixture of one function, from a run made now or earlier. */
export const record = defineOperation({
  name: 'record',
  summary: 'Write a fixture of a function: secrets and personal data replaced, the replay proved',
  input: z.object({
    ...dryRunFields,
    execution: z
      .string()
      .optional()
      .describe('id of an earlier run to record, instead of a new one'),
  }),
  positionals: ['function'],
  examples: [
    'plumb record list-contacts --connection test-account',
    `plumb record hubspot/get-contact --input '{"id":"404"}' --case unknown-id`,
    'plumb record hubspot/get-contact --execution exe_1f0c --force',
  ],
  run: (given, context) => runDryRun({ ...given, record: true }, context),
  text: (report) => renderDryRun(report),
  exits: {
    0: 'the function returned',
    1: 'it failed, lost access, or was ended at its first write',
  },
  exitCode: ({ ok }) => (ok ? 0 : 1),
})
