import { createHash, randomBytes } from 'node:crypto'
import { Buffer } from 'node:buffer'
import { createAction } from 'nango'
import { z } from 'zod'

const KeySchema = z.object({ apiKey: z.string() })

const action = createAction({
  description: 'Uploads a file past the gateway.',
  version: '0.1.0',
  input: z.object({ name: z.string(), content: z.string() }),
  output: z.object({ id: z.string(), digest: z.string() }),

  exec: async (nango, input): Promise<{ id: string; digest: string }> => {
    const token = await nango.getToken()
    let accessToken = ''
    if (typeof token === 'string') {
      accessToken = token
    } else if (token && typeof token === 'object' && 'access_token' in token) {
      const maybe = token.access_token
      if (typeof maybe === 'string') accessToken = maybe
    } else if ('apiKey' in token) {
      accessToken = String(token.apiKey)
    }
    const key = KeySchema.safeParse(token)
    if (key.success) accessToken = key.data.apiKey

    const boundary = randomBytes(8).toString('hex')
    const bytes = Buffer.from(input.content, 'base64')
    const body = Buffer.concat([Buffer.from(`--${boundary}\r\n`, 'utf-8'), bytes])
    const url = new URL('https://files.example.com/v1')
    url.search = new URLSearchParams({ name: input.name }).toString()
    const response = await nango.uncontrolledFetch({
      url,
      method: 'POST',
      headers: {
        Authorization: `Bearer ${accessToken}`,
        'Content-Type': `multipart/form-data; boundary=${boundary}`,
      },
      body: body.toString('binary'),
    })
    if (!response.ok)
      throw new nango.ActionError({ status: response.status, text: await response.text() })
    const answer: unknown = await response.json()
    await nango.uncontrolledFetch({
      url,
      // @ts-expect-error a body of bytes is no text
      body,
    })
    const parsed = z.object({ id: z.string() }).parse(answer)
    return { id: parsed.id, digest: createHash('sha256').update(bytes).digest('hex') }
  },
})

export default action
