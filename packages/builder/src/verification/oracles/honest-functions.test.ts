import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findingsOf, openOracleBench } from './testing/oracle-bench.js'
import type { OracleBench, Trial } from './testing/oracle-bench.js'
import { portableOracles } from './testing/portable-oracles.js'

let bench: OracleBench

beforeAll(async () => {
  bench = await openOracleBench()
})
afterAll(() => bench.close())

const source = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../../../toolchain/test/honest', name), 'utf8')

const event = (id: string, status = 'confirmed') => ({
  id,
  status,
  summary: `Event ${id}`,
  updated: `2026-01-0${id.length}T10:00:00Z`,
  start: { dateTime: '2026-02-01T09:00:00+01:00' },
})

const repository = (id: number, name: string) => ({
  id,
  name,
  private: false,
  full_name: `octo/${name}`,
})

const trials: Readonly<Record<string, Omit<Trial, 'source'>>> = {
  'create-issue.ts': {
    input: { owner: 'octo', repo: 'hello', title: 'Leak in the roof', labels: ['bug'] },
    calls: [
      {
        method: 'POST',
        url: '/repos/octo/hello/issues',
        headers: { 'x-github-api-version': '2022-11-28' },
        send: { title: 'Leak in the roof', labels: ['bug'] },
        status: 201,
        answer: {
          ...{ id: 90817, number: 12, title: 'Leak in the roof', state: 'open', body: null },
          ...{ labels: [{ name: 'bug' }], user: { login: 'maria' } },
        },
      },
    ],
  },
  'delete-event.ts': {
    input: { calendarId: 'primary', eventId: 'e1' },
    calls: [
      {
        method: 'DELETE',
        url: '/calendar/v3/calendars/primary/events/e1',
        status: 204,
        answer: undefined,
      },
    ],
  },
  'find-user.ts': {
    input: { username: 'maria' },
    calls: [{ url: '/users/maria', answer: { login: 'maria', id: 4711, name: 'Maria Muster' } }],
  },
  'get-calendar.ts': {
    input: { calendarId: 'primary' },
    calls: [
      {
        url: '/calendar/v3/calendars/primary',
        answer: { id: 'maria@acme.example', summary: 'Work and travel', timeZone: 'Europe/Zurich' },
      },
    ],
  },
  'post-message.ts': {
    input: { channel: 'C024BE91L', text: 'Good morning' },
    calls: [
      {
        method: 'POST',
        url: '/chat.postMessage',
        send: { channel: 'C024BE91L', text: 'Good morning' },
        answer: { ok: true, channel: 'C024BE91L', ts: '1767225600.000200' },
      },
    ],
  },
  'sync-events.ts': {
    recorded: { metadata: { calendarId: 'primary' } },
    calls: [
      {
        url: '/calendar/v3/calendars/primary/events?singleEvents=true',
        answer: { items: [event('a'), event('bb')], nextPageToken: 'page-2' },
      },
      {
        url: '/calendar/v3/calendars/primary/events?singleEvents=true&pageToken=page-2',
        answer: { items: [event('ccc'), event('dddd', 'cancelled')] },
      },
    ],
  },
  'sync-repositories.ts': {
    calls: [
      { url: '/user/repos?per_page=100', answer: [repository(1, 'hello'), repository(2, 'world')] },
    ],
  },
}

test.for(Object.entries(trials))('%s is honest to every oracle', async ([name, trial]) => {
  let cpuMs = 0
  for (const oracle of portableOracles) {
    const result = await bench.ask(oracle, { source: source(name), ...trial })
    if (!result.ran) continue
    cpuMs += result.measurements.cpuMs
    const bad = findingsOf(result).filter(({ severity }) => severity !== 'note')
    expect(bad).toEqual([])
  }
  expect(cpuMs).toBeLessThan(2000)
})
