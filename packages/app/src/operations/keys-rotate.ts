import { join } from 'node:path'
import {
  addMasterKey,
  removeRetiredKeys,
  requireRewrapped,
  rewrapLate,
  rewrapSecrets,
} from '@plumb/runtime'
import { z } from 'zod'
import { masterKeysOf, withWorkbench } from '../workbench.js'
import { defineOperation } from './operation.js'

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
  run: async ({ resume, removeOld }, context) =>
    withWorkbench(context, async (workbench) => {
      const directory = join(context.config.home, 'keys')
      const fromSettings = masterKeysOf(context.config).length > 0
      if (!resume && !fromSettings) {
        context.progress(`New master key ${await addMasterKey(directory)}.`)
      }
      const rewrapped = await rewrapSecrets(workbench, {
        signal: context.signal,
        onBatch: (done) => context.progress(`${done} secrets are under the new key.`),
      })
      await requireRewrapped(workbench)
      const mayRemove = removeOld && !fromSettings
      if (mayRemove) await rewrapLate(workbench, { signal: context.signal })
      const removed = mayRemove ? await removeRetiredKeys(directory) : []
      const [active, ...kept] = workbench.keys.masterKeyIds()
      return { active, rewrapped, kept: kept.filter((id) => !removed.includes(id)), removed }
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
