import { afterEach, beforeEach, expect, it } from 'vitest'
import { startOfflineModel } from '../start-offline-model.js'
import type { OfflineModel } from '../start-offline-model.js'
import { openBench } from '../testing/invented-tool.js'
import type { Bench } from '../testing/invented-tool.js'
import { inventLibrary } from '../testing/library-api.js'
import { playSession } from '../testing/play-session.js'
import { inventRadio } from '../testing/radio-api.js'

let model: OfflineModel
beforeEach(async () => {
  model = await startOfflineModel()
})
afterEach(() => model.close())

const requests = ({ commands }: Bench) =>
  commands.filter(([verb]) => verb === 'request').map((args) => `${args[1]} ${args[2]}`)

it('creates the parent of a nested resource and adds the member that the API asks for', async () => {
  const { api, shelves, books } = inventLibrary(false)
  const interaction = { id: 'add-book', description: 'Put a book on a shelf.' }
  const bench = openBench(api, interaction, { proposal: 'createBook' })
  const said = await playSession(model, bench)
  expect(bench.submitted).toEqual(['createBook'])
  expect([...shelves.values()]).toMatchObject([
    { label: expect.stringMatching(/^plumb-t1/) as string },
  ])
  expect([...books.values()]).toMatchObject([
    {
      title: expect.stringMatching(/^plumb-t1/) as string,
      isbn: expect.stringMatching(/^\d{13}$/) as string,
    },
  ])
  expect(bench.files.get('function.ts')).toContain('due_on: input.due_on')
  expect(said).toContain('answered with 201')
})

it('deletes only what it made itself', async () => {
  const { api, books } = inventLibrary(true)
  const bench = openBench(
    api,
    { id: 'delete-book', description: 'Delete a book.' },
    { proposal: 'deleteBook' },
  )
  await playSession(model, bench)
  expect(bench.submitted).toEqual(['deleteBook'])
  expect([...books.values()].map(({ title }) => title)).toEqual(['The whale'])
})

it('makes a record when a sync finds nothing', async () => {
  const { api, books } = inventLibrary(false)
  const bench = openBench(
    api,
    { id: 'sync-books', kind: 'sync', description: 'Sync the books of a shelf.' },
    { proposal: 'listBooks' },
  )
  await playSession(model, bench)
  expect(bench.submitted).toEqual(['listBooks'])
  expect(books.size).toBe(1)
})

it('stops without a word to the API when access is gone', async () => {
  const { api } = inventLibrary(true)
  const bench = openBench(
    api,
    { id: 'read-audit', description: 'Read the audit log.' },
    { proposal: 'readAudit' },
  )
  const said = await playSession(model, bench)
  expect(bench.submitted).toBeNull()
  expect(said).toMatch(/lacks access.*Reconnect it/)
  expect(bench.commands.at(-1)?.[0]).toBe('dryrun')
})

it('says that it cannot be done where no operation does it', async () => {
  const { api } = inventLibrary(true)
  const bench = openBench(
    api,
    { id: 'repaint-shelf', description: 'Change the colour of a shelf.' },
    { proposal: null, confidence: 0 },
  )
  await playSession(model, bench)
  expect(bench.submitted).toBeNull()
  expect(bench.blocked).toMatchObject({ reason: 'not-possible' })
  expect(bench.blocked?.detail).toContain('Change the colour of a shelf.')
  expect(requests(bench)).toEqual([])
})

it('leaves a wrong proposal for the operation that fits', async () => {
  const { api, shelves } = inventLibrary(true)
  const bench = openBench(
    api,
    { id: 'create-shelf', description: 'Create a shelf.' },
    { proposal: 'deleteBook', confidence: 0.4 },
  )
  await playSession(model, bench)
  expect(bench.submitted).toEqual(['createShelf'])
  expect(shelves.size).toBe(2)
})

it('moves on from a thing that cannot be written to, and keeps start before end', async () => {
  const { api, stations, shows } = inventRadio()
  const bench = openBench(
    api,
    { id: 'schedule-show', description: 'Schedule a show on a station.' },
    { proposal: 'show_schedule' },
  )
  await playSession(model, bench)
  expect(bench.submitted).toEqual(['show_schedule'])
  expect(stations).toHaveLength(2)
  expect(shows).toMatchObject([
    { station: 'ST2', starts_at: '2031-05-02T10:00:00Z', ends_at: '2031-05-02T11:00:00Z' },
  ])
})

it('looks a person up by an address that exists', async () => {
  const { api } = inventRadio()
  const bench = openBench(
    api,
    { id: 'find-listener', description: 'Find the listener with an email address.' },
    { proposal: 'listener_lookupByEmail' },
  )
  await playSession(model, bench)
  expect(bench.submitted).toEqual(['listener_lookupByEmail'])
  expect(bench.commands.find(([verb]) => verb === 'dryrun')).toContain(
    '{"email":"ada@harbour.example"}',
  )
})

it('renames a station of its own, not one that was there', async () => {
  const { api, stations } = inventRadio()
  const bench = openBench(
    api,
    { id: 'rename-station', description: 'Rename a station.' },
    { proposal: 'station_rename' },
  )
  await playSession(model, bench)
  expect(bench.submitted).toEqual(['station_rename'])
  expect(stations[0]).toMatchObject({ ref: 'ST1', title: 'harbour' })
})

it('goes on after its server was replaced in the middle of a session', async () => {
  const { api, books } = inventLibrary(false)
  const bench = openBench(
    api,
    { id: 'add-book', description: 'Put a book on a shelf.' },
    { proposal: 'createBook' },
  )
  const second = await startOfflineModel()
  let turn = 0
  await playSession(() => (turn++ < 5 ? model : second), bench)
  await second.close()
  expect(bench.submitted).toEqual(['createBook'])
  expect(books.size).toBe(1)
})
