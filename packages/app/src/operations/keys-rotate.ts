import { join } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import {
  addMasterKey,
  removeRetiredKeys,
  requireOpened,
  requireRewrapped,
  rewrapLate,
  rewrapSecrets,
} from '@plumb/runtime'
import { z } from 'zod'
import { masterKeysOf, withWorkbench } from '../workbench.js'
import type { Workbench } from '../workbench.js'
import { defineOperation } from './operation.js'
import type { OperationContext } from './operation.js'

/** `plumb keys rotate`: a new master key, and every stored secret under it, while servers run. */
export const keysRotate = defineOperation({
  name: 'keys rotate',
  summary: 'Encrypt all stored secrets with a new master key; what was begun goes on',
  input: z.object({
    resume: z
      .boolean()
      .default(false)
      .describe('make no new key: go on with a rotation that was stopped'),
    removeOld: z
      .boolean()
      .default(false)
      .describe('remove the keys that nothing needs any more, when all is done'),
  }),
  examples: ['plumb keys rotate', 'plumb keys rotate --resume --remove-old'],
  run: (wish, context) =>
    withWorkbench(context, async (workbench) => {
      const outcome = await workbench.db.tryLock('rotate keys', () =>
        rotate(workbench, wish, context),
      )
      if (outcome.kind === 'held') throw alreadyRotating()
      return outcome.value
    }),
  text: ({ active, rewrapped, kept, removed }) => {
    const count = Object.values(rewrapped).reduce((sum, each) => sum + each, 0)
    return [
      `${count} secrets were wrapped anew; all are under master key ${active}.`,
      ...(kept.length > 0
        ? [`Kept: ${kept.join(', ')}. Backups of before need them; --remove-old removes them.`]
        : []),
      ...(removed.length > 0 ? [`Removed: ${removed.join(', ')}.`] : []),
    ].join('\n')
  },
})

type Wish = { readonly resume: boolean; readonly removeOld: boolean }

async function rotate(workbench: Workbench, { resume, removeOld }: Wish, o: OperationContext) {
  const directory = join(o.config.home, 'keys')
  const fromSettings = masterKeysOf(o.config).length > 0
  if (!resume && !fromSettings) o.progress(`New master key ${await addMasterKey(directory)}.`)
  const done = await rewrapSecrets(workbench, {
    signal: o.signal,
    onBatch: (count) => o.progress(`${count} secrets are under the new key.`),
  })
  requireOpened(done)
  await requireRewrapped(workbench)
  const mayRemove = removeOld && !fromSettings
  if (mayRemove) await rewrapLate(workbench, { signal: o.signal })
  const removed = mayRemove ? await removeRetiredKeys(directory) : []
  const [active, ...kept] = workbench.keys.masterKeyIds()
  return {
    active,
    rewrapped: done.counts,
    kept: kept.filter((id) => !removed.includes(id)),
    removed,
  }
}

/** Of two at once, one would take away the key that the other has just made. */
function alreadyRotating(): PlumbError {
  return new PlumbError({
    code: 'keys-in-use',
    message: 'The master key of this database is being rotated by another command.',
    remedy:
      'Wait until it has ended. One that was killed is gone on with: `plumb keys rotate --resume`.',
  })
}
