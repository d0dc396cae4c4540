import { createAction, type NangoAction } from 'nango'
import { z } from 'zod'

interface ProviderError extends Error {
  response?: { status: number; data: { errors?: { title: string }[] } }
}

function isProviderError(error: unknown): error is ProviderError {
  return error instanceof Error && 'response' in error
}

const ErrorShape = z.object({ response: z.object({ status: z.number() }) })

class Client {
  private readonly nango: NangoAction
  constructor(nango: NangoAction) {
    this.nango = nango
  }

  async find<T>(id: string): Promise<T | undefined> {
    const response = await this.nango.proxy<{ items: T[] }>({
      method: 'GET',
      endpoint: '/items',
      params: `id=${id}`,
    })
    return response.data.items[0]
  }

  request(config: Parameters<NangoAction['proxy']>[0]): ReturnType<NangoAction['proxy']> {
    return this.nango.proxy({ ...config, retries: 2 })
  }
}

export default createAction({
  description: 'Finds an item.',
  input: z.object({ id: z.string() }),
  output: z.object({ id: z.string(), found: z.boolean() }).nullable(),
  exec: async (nango, input) => {
    const client = new Client(nango)
    try {
      const item = await client.find<{ id: string }>(input.id)
      const other = await client.request({ endpoint: '/other' })
      return item ? { id: item.id, found: other.status === 200 } : null
    } catch (error) {
      const parsed = ErrorShape.safeParse(error)
      if (parsed.success && parsed.data.response.status === 404) return null
      if (isProviderError(error)) {
        const title = error.response?.data.errors?.[0]?.title ?? error.message
        throw new nango.ActionError({ type: 'provider_error', message: title })
      }
      if (error instanceof nango.ActionError) throw error
      throw new nango.ActionError({
        message: error instanceof Error ? error.message : String(error),
      })
    }
  },
})
