import { createAction } from 'nango'
import { z } from 'zod'

export const trash = createAction({
  description: 'Moves a project to the trash.',
  input: z.object({ projectId: z.number() }),
  output: z.void(),

  // @ts-expect-error null is not void
  exec: async (nango, input) => {
    await nango.delete({ endpoint: `/projects/${input.projectId}` })
    return null
  },
})

export default createAction({
  description: 'Touches a project.',
  input: z.void(),
  output: z.array(z.object({ id: z.string() })),
  metadata: z.object({ cloudId: z.string().optional(), tenant: z.string() }),
  exec: async (nango) => {
    const metadata = await nango.getMetadata()
    const cloudId: string | undefined = metadata.cloudId
    await nango.updateMetadata({ cloudId: cloudId ?? metadata.tenant })
    await nango.setMetadata({ tenant: metadata.tenant })
    return [{ id: metadata?.tenant }]
  },
})

export const withoutMetadata = createAction({
  description: 'Stores what no schema describes.',
  input: z.object({}),
  output: z.object({ ok: z.boolean() }),
  exec: async (nango) => {
    const typed = await nango.getMetadata<{ accountId?: string }>()
    // @ts-expect-error the action declares no metadata
    await nango.updateMetadata({ accountId: typed.accountId ?? 'x' })
    return { ok: true }
  },
})
