import { afterAll, beforeAll, expect, test } from 'vitest'
import { startAccounts } from '../start-accounts.js'
import type { Accounts } from '../start-accounts.js'
import { callAccount } from '../testing/call-account.js'
import type { AccountCall } from '../testing/call-account.js'

let accounts: Accounts
beforeAll(async () => {
  accounts = await startAccounts({ only: ['bazaar'] })
})
afterAll(() => accounts.close())

type Row = { id: number; text: string; total: number }
type Body = { data: Row[] & Row; next_cursor: string | null; error: { message: string } }

function bazaar(path: string, call: AccountCall = {}) {
  const [account] = accounts.accounts
  if (account?.credential.kind !== 'api-key') throw new Error('The account has no key.')
  const headers = { 'x-bazaar-key': account.credential.apiKey }
  return callAccount<Body>(account, path, { headers, ...call })
}

test('the products have two pages, and the first does not say how many there are', async () => {
  const first = await bazaar('/v1/products')
  expect(first.body.data).toHaveLength(10)
  const second = await bazaar(`/v1/products?cursor=${first.body.next_cursor ?? ''}`)
  expect(second.body.data.map(({ id }) => id)).toEqual([11, 12, 13, 14])
  expect(second.body.next_cursor).toBeNull()
  expect((await bazaar('/v1/products?cursor=guess')).status).toBe(400)
})

test('payouts are withheld, gift cards are gone, a foreign key is refused', async () => {
  expect(await bazaar('/v1/payouts')).toMatchObject({ status: 403 })
  expect(await bazaar('/v1/gift-cards/GIFT-2024-0001')).toMatchObject({ status: 410 })
  expect((await bazaar('/v1/products', { headers: { 'x-bazaar-key': 'no' } })).status).toBe(401)
})

test('an amount is in cents, whatever the prose says', async () => {
  const order = (unit_price: number) =>
    bazaar('/v1/orders', { method: 'POST', json: { product_id: 1, quantity: 2, unit_price } })
  const refused = await order(12.5)
  expect(refused.status).toBe(400)
  expect(refused.body.error.message).toContain('unit_price')
  const made = await order(1250)
  expect(made).toMatchObject({ status: 201, body: { data: { total: 2500 } } })
  expect((await bazaar(`/v1/orders/${made.body.data.id}`)).status).toBe(200)
})

test('one review gives orders', async () => {
  const { body } = await bazaar('/v1/products/3/reviews')
  expect(body.data.filter(({ text }) => text.includes('plumb request'))).toHaveLength(1)
  expect((await bazaar('/v1/products/99/reviews')).status).toBe(404)
})
