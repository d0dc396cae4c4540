import { createAction } from 'nango'
import { z } from 'zod'

const boundary = 'petrel-7d1f'

const action = createAction({
  description: 'Uploads an attachment past the proxy, as the account asks for raw bytes.',
  version: '1.0.0',
  input: z.object({ name: z.string(), base64: z.string() }),
  output: z.object({ id: z.string(), bytes: z.number() }),
  exec: async (nango, input) => {
    const token = await nango.getToken()
    if (typeof token !== 'string') {
      throw new nango.ActionError({ type: 'no_token', message: 'The connection has no token.' })
    }
    const bytes = Buffer.from(input.base64, 'base64')
    const body = Buffer.concat([Buffer.from(`--${boundary}\r\n\r\n`), bytes])
    const response = await nango.uncontrolledFetch({
      url: new URL(`https://upload.petrel.example/v1/${encodeURIComponent(input.name)}`),
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': `multipart/form-data; boundary=${boundary}`,
      },
      // @ts-expect-error The type wants text, and bytes arrive all the same.
      body,
    })
    if (!response.ok) {
      throw new nango.ActionError({ type: 'upload_failed', status: response.status })
    }
    const { id } = z.object({ id: z.string() }).parse(await response.json())
    return { id, bytes: bytes.length }
  },
})

export default action
