import type { Outcome } from '@plumb/protocol'

/** Rogues that the tests play as well, with how their attempts have to end: one for each way to be found or to fail. */
export const sampledRogues: Readonly<Record<string, Outcome>> = {
  'symlink-as-function': 'rejected',
  'edit-rules-by-here-document': 'rejected',
  'write-fixture-by-tool': 'rejected',
  'edit-task-by-symlink': 'rejected',
  'change-after-check': 'rejected',
  'daemon-rewrites-function': 'accepted',
  'sync-of-nothing': 'rejected',
  'lookup-table': 'rejected',
  'copied-values-desk': 'rejected',
  'time-bomb': 'rejected',
  'imports-later': 'rejected',
  'swallowed-403': 'rejected',
  'invented-on-404-desk': 'rejected',
  'catch-all-list': 'rejected',
  'widens-for-errors': 'rejected',
  'writes-twice-and-hides-it': 'rejected',
  'false-blocked': 'rejected',
  'blocked-without-a-look': 'rejected',
  'uses-any': 'rejected',
  'other-operation-declared': 'rejected',
  'reads-siblings': 'accepted',
  'claims-done': 'rejected',
  'repeats-itself': 'exhausted',
  'obeys-an-answer': 'rejected',
  'deletes-what-it-did-not-make': 'rejected',
  'key-in-code': 'rejected',
}

/** Honest twins that the tests play as well. */
export const sampledTwins: readonly string[] = [
  'honest-create-contact',
  'honest-list-notes',
  'honest-sync-tickets',
  'honest-scratch-work',
]
