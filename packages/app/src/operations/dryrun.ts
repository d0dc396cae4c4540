import { z } from 'zod'
import { dryRunFields } from '../dryrun/dry-run-input.js'
import { renderDryRun } from '../dryrun/render-dry-run.js'
import { runDryRun } from '../dryrun/run-dry-run.js'
import { defineOperation } from './operation.js'

/** `plumb dryrun`: one function, once, against a real account. */
export const dryrun = defineOperation({
  name: 'dryrun',
  summary: 'Run a function against an account; calls that would change it are stopped and shown',
  input: z.object({
    ...dryRunFields,
    record: z.boolean().default(false).describe('write a fixture of what happened'),
  }),
  positionals: ['function'],
  examples: [
    'plumb dryrun list-contacts --connection test-account',
    `plumb dryrun hubspot/create-contact --input '{"email":"a@example.com"}'`,
    'plumb dryrun hubspot/syncs/contacts.ts --state .plumb/contacts.json --record',
    'plumb dryrun contacts --remote https://plumb.example.com --connection 42',
  ],
  run: runDryRun,
  text: (report) => renderDryRun(report),
  exits: {
    0: 'the function returned',
    1: 'it failed, lost access, or was ended at its first write',
  },
  exitCode: ({ ok }) => (ok ? 0 : 1),
})
