import type { ApiDescription, Interaction, Provider } from '@plumb/protocol'
import { providerSchema } from '@plumb/protocol'
import { parseApiDescription } from '../../description/load-api-description.js'

const string = { type: 'string' }
const integer = { type: 'integer' }
const time = { type: 'string', format: 'date-time' }
const query = (name: string, schema: object, rest: object = {}): object => ({
  name,
  in: 'query',
  schema,
  ...rest,
})
const path = (name: string, schema: object = string): object => ({
  name,
  in: 'path',
  required: true,
  schema,
})
const json = (schema: object): object => ({ content: { 'application/json': { schema } } })
const ok = (schema: object): object => ({
  responses: { '200': { description: '', ...json(schema) } },
})
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
const object = (properties: object, required: string[] = []): object => ({
  type: 'object',
  properties,
  required,
})
const listOf = (items: object): object => ({ type: 'array', items })

const schemas = {
  Order: object(
    {
      id: integer,
      status: { type: 'string', enum: ['open', 'paid'] },
      note: { type: 'string', nullable: true },
      customer: object({ id: string, email: string }, ['id']),
      lines: listOf(object({ sku: string, quantity: integer }, ['sku'])),
      updated_at: time,
      api_url: string,
    },
    ['id', 'status', 'note', 'updated_at'],
  ),
  Note: object({ id: string, text: string, deleted: { type: 'boolean' } }, ['id', 'text']),
}

const page = (items: object): object => object({ items: listOf(items), nextPageToken: string })
const paging = [query('pageToken', string), query('limit', { ...integer, maximum: 50 })]

const paths = {
  '/orders': {
    get: {
      operationId: 'orders.list',
      summary: 'List orders',
      parameters: [
        ...paging,
        query('updated_after', time),
        query('status', { type: 'string', enum: ['open', 'paid', 'all'], default: 'open' }),
        query('tag', listOf(string)),
      ],
      ...ok(page(ref('Order'))),
    },
    post: {
      operationId: 'orders.create',
      summary: 'Create an order',
      security: [{ oauth: ['orders', 'customers'] }, { oauth: ['orders:write'] }],
      parameters: [
        {
          name: 'X-Version',
          in: 'header',
          required: true,
          schema: { type: 'string', enum: ['2024-01'] },
        },
      ],
      requestBody: {
        required: true,
        ...json(
          object(
            {
              customer: object({ email: string }),
              note: string,
              lines: listOf(object({ sku: string, quantity: integer }, ['sku'])),
              id: { ...integer, readOnly: true },
            },
            ['lines'],
          ),
        ),
      },
      ...ok(object({ data: ref('Order') })),
    },
  },
  '/orders/{order_id}': {
    get: {
      operationId: 'orders.get',
      summary: 'Get an order',
      parameters: [path('order_id', integer)],
      ...ok(ref('Order')),
    },
    put: {
      operationId: 'orders.replace',
      summary: 'Update an order',
      parameters: [path('order_id', integer)],
      requestBody: json(object({ note: string })),
      ...ok(ref('Order')),
    },
    patch: {
      operationId: 'orders.update',
      summary: 'Update an order',
      parameters: [path('order_id', integer)],
      requestBody: json(object({ note: string, status: string })),
      ...ok(ref('Order')),
    },
    delete: {
      operationId: 'orders.delete',
      summary: 'Delete an order',
      parameters: [path('order_id', integer)],
      responses: { '204': { description: '' } },
    },
  },
  '/orders/search': {
    post: {
      operationId: 'orders.search',
      summary: 'Search orders',
      requestBody: json(
        object({ cursor: string, limit: integer, filter: object({ status: string }) }),
      ),
      ...ok(object({ results: listOf(ref('Order')), next: object({ cursor: string }) })),
    },
  },
  '/customers': {
    get: {
      operationId: 'customers.list',
      summary: 'List customers',
      ...ok(listOf(object({ id: integer, name: string }, ['id']))),
    },
  },
  '/customers/{customer_id}/notes': {
    get: {
      operationId: 'notes.list',
      summary: 'List the notes of a customer',
      parameters: [path('customer_id', integer), ...paging],
      ...ok(page(ref('Note'))),
    },
    post: {
      operationId: 'notes.add',
      summary: 'Add a note to a customer',
      parameters: [path('customer_id', integer)],
      requestBody: {
        content: {
          'application/x-www-form-urlencoded': { schema: object({ text: string }, ['text']) },
        },
      },
      ...ok(ref('Note')),
    },
  },
  '/customers/{customer_id}/star': {
    get: {
      operationId: 'star.check',
      summary: 'Check whether a customer is starred',
      parameters: [path('customer_id', integer)],
      responses: { '204': { description: '' } },
    },
  },
  '/shops/{shop}/{region}/stock': {
    get: {
      operationId: 'stock.list',
      summary: 'List the stock of a shop',
      parameters: [path('shop'), path('region'), query('starting_after', string)],
      ...ok(
        object({
          data: listOf(object({ id: string, amount: integer }, ['id'])),
          has_more: { type: 'boolean' },
        }),
      ),
    },
  },
  '/files/{name}': {
    get: {
      operationId: 'files.read',
      summary: 'Read a file',
      parameters: [
        { ...path('name'), allowReserved: true },
        query('filter', object({ kind: string, size: integer }), {
          style: 'deepObject',
          explode: true,
        }),
      ],
      responses: { '200': { description: '', content: { 'text/plain': { schema: string } } } },
    },
  },
}

/** A made-up shop whose description holds what real ones are made of. */
export const shop: ApiDescription = parseApiDescription(
  'shop.json',
  JSON.stringify({
    openapi: '3.0.0',
    info: { title: 'Shop', version: '1' },
    servers: [{ url: 'https://shop.test/v1' }],
    components: { schemas, securitySchemes: { oauth: { type: 'oauth2' } } },
    paths,
  }),
)

export function shopProvider(proxy: object = {}): Provider {
  return providerSchema.parse({
    name: 'shop',
    displayName: 'Shop',
    auth: { mode: 'none' },
    proxy: { baseUrl: 'https://shop.test/v1', ...proxy },
  })
}

export function interaction(description: string, rest: Partial<Interaction> = {}): Interaction {
  return { id: 'it', description, expect: 'accepted', ...rest }
}
