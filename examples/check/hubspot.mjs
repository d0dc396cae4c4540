// 25,000 contacts past a search that ends at 10,000, then only what changes.
import assert from 'node:assert/strict'
import { check } from './open-example.mjs'

const contacts = '/crm/v3/objects/contacts'

await check('hubspot', { provider: 'hubspot' }, async function* (plumb) {
  const first = await plumb.sync('contacts', { trigger: false, seconds: 700 })
  assert.equal(first.counts.Contact.added, 25_000)
  const stored = await plumb.records('Contact')
  assert.equal(new Set(stored.map(({ id }) => id)).size, 25_000)
  yield 'all 25,000 contacts are stored, each once'

  const searches = plumb.controls.requests.filter(({ path }) => path.endsWith('/search'))
  assert.ok(searches.filter(({ status }) => status === 200).length >= 125)
  assert.ok(!searches.some(({ status }) => status === 400))
  await assert.rejects(
    ask(plumb, 'POST', `${contacts}/search`, { limit: 200, after: '10000' }),
    /answered 400/,
  )
  yield 'no search was paged to its end at 10,000, beyond which it is refused'

  const since = new Date().toISOString()
  const [changed, archived] = [stored[100].id, stored[200].id]
  const patch = { properties: { company: 'Changed & Co' } }
  await ask(plumb, 'PATCH', `${contacts}/${changed}`, patch)
  await ask(plumb, 'DELETE', `${contacts}/${archived}`)
  const made = await plumb.act('create-contact', { email: 'new@example.com', firstName: 'Nia' })
  const second = await plumb.sync('contacts', { seconds: 700 })
  assert.deepEqual(second.counts.Contact, { added: 1, updated: 1, deleted: 1 })
  yield 'the next run stores one new, one changed and one deleted contact, and nothing else'

  const changes = await plumb.records('Contact', { modifiedAfter: since })
  const actions = changes.map((one) => [one.id, one._metadata.last_action])
  assert.deepEqual(Object.fromEntries(actions), {
    [changed]: 'UPDATED',
    [archived]: 'DELETED',
    [made.id]: 'ADDED',
  })
  assert.equal(changes.find(({ id }) => id === archived).email, stored[200].email)
  yield 'a reader of changes sees these three, the deleted one with what it was'

  await assert.rejects(
    plumb.act('create-contact', { email: 'new@example.com' }),
    /Contact already exists/,
  )
  yield 'a contact that exists already is refused in the words of the provider'
})

async function ask({ client, name }, method, endpoint, body) {
  const answer = await client.proxy({ ...name, method, endpoint, ...(body && { body }) })
  assert.ok(answer.ok, `${method} ${endpoint} answered ${answer.status}`)
}
