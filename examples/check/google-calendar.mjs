// Events by sync token, and from the beginning again when Google has forgotten what changed.
import assert from 'node:assert/strict'
import { check } from './open-example.mjs'

await check('google-calendar', { provider: 'google-calendar' }, async function* (plumb) {
  await plumb.sync('events', { trigger: false })
  const stored = await plumb.records('CalendarEvent')
  assert.ok(stored.length > 0)
  yield `the ${stored.length} events of the calendar are stored`

  const made = await plumb.act('create-event', {
    title: 'Sharpen pencils',
    start: '2027-01-11T09:00:00+01:00',
    end: '2027-01-11T09:15:00+01:00',
  })
  const second = await plumb.sync('events')
  assert.deepEqual(second.counts.CalendarEvent, { added: 1, updated: 0, deleted: 0 })
  const calls = plumb.controls.requests.filter(({ query }) => query.includes('syncToken='))
  assert.ok(calls.length > 0 && calls.every(({ status }) => status === 200))
  yield 'a new event comes with the next run, which asks for changes only'

  await remove(plumb, made.id)
  const third = await plumb.sync('events')
  assert.equal(third.counts.CalendarEvent.deleted, 1)
  const deleted = await plumb.records('CalendarEvent', { filter: ['deleted'] })
  assert.deepEqual(
    deleted.map(({ id, title }) => [id, title]),
    [[made.id, 'Sharpen pencils']],
  )
  yield 'a cancelled event is deleted, and what it was can still be read'

  await remove(plumb, stored[0].id)
  plumb.controls.expireSyncTokens()
  await plumb.sync('events')
  assert.ok(plumb.controls.requests.some(({ status }) => status === 410))
  const left = await plumb.records('CalendarEvent', { filter: ['added', 'updated'] })
  assert.equal(left.length, stored.length - 1)
  assert.ok(!left.some(({ id }) => id === stored[0].id))
  yield 'a token that has expired leads to a whole walk, which finds what is gone'

  plumb.controls.tokens.expireAccessTokens()
  plumb.controls.tokens.setRotation(true)
  await plumb.sync('events')
  yield 'an access token that has expired is renewed on the way'

  plumb.controls.tokens.revoke()
  await assert.rejects(plumb.sync('events'), /ended as failed/)
  const { connections } = await plumb.client.connections.list({})
  assert.equal(connections[0].state ?? connections[0].status, 'needs-reconnect')
  yield 'an account that was disconnected at Google needs to be connected again, and says so'
})

async function remove({ client, name }, id) {
  const endpoint = `/calendar/v3/calendars/primary/events/${encodeURIComponent(id)}`
  const answer = await client.proxy({ ...name, method: 'DELETE', endpoint })
  assert.ok(answer.ok, `DELETE ${endpoint} answered ${answer.status}`)
}
