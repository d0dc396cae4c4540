import { afterAll, beforeAll, expect, test } from 'vitest'
import * as sample from '../testing/sample-attempt.js'
import type { Declared } from './oracle.js'
import { findingsOf, openOracleBench } from './testing/oracle-bench.js'
import type { OracleBench, Trial } from './testing/oracle-bench.js'
import { portableOracles } from './testing/portable-oracles.js'
import { action } from './testing/small-functions.js'

let bench: OracleBench

beforeAll(async () => {
  bench = await openOracleBench()
})
afterAll(() => bench.close())

type Style = Trial & { readonly declared: Declared }

const job: Style = {
  declared: { writes: 1 },
  input: { report: 'sales', year: 2025 },
  calls: [
    {
      ...{ method: 'POST', url: '/exports', send: { report: 'sales', year: 2025 }, status: 202 },
      answer: { id: 'exp-771', state: 'queued' },
    },
    { url: '/exports/exp-771', answer: { id: 'exp-771', state: 'running', progress: 40 } },
    {
      url: '/exports/exp-771',
      answer: { id: 'exp-771', state: 'done', rows: 1250, url: 'https://files.acme.example/7.csv' },
    },
  ],
  source: action({
    input: 'report: z.string(), year: z.number().int()',
    output: 'z.object({ id: z.string(), rows: z.number(), url: z.string() })',
    top: `const Job = z.object({ id: z.string(), state: z.enum(['queued', 'running', 'done', 'failed']), rows: z.number().optional(), url: z.string().optional(), error: z.string().optional() })
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))`,
    body: `let job = Job.parse((await ctx.post({ endpoint: '/exports', data: { report: input.report, year: input.year } })).data)
    for (let turn = 0; turn < 20 && job.state !== 'done'; turn += 1) {
      if (job.state === 'failed') throw new ctx.ActionError({ message: job.error ?? 'The export failed.' })
      await pause(2)
      job = Job.parse((await ctx.get({ endpoint: '/exports/' + encodeURIComponent(job.id) })).data)
    }
    if (job.state !== 'done' || job.url === undefined) throw new ctx.ActionError({ message: 'The export is not ready yet.' })
    return { id: job.id, rows: job.rows ?? 0, url: job.url }`,
  }),
}

const form = { 'content-type': 'multipart/form-data; boundary=----form-4f1b' }
const upload: Style = {
  declared: { writes: 1 },
  input: { name: 'minutes.txt', text: 'Nobody was late.' },
  calls: [
    {
      ...{ method: 'POST', url: '/files', headers: form, status: 201 },
      send: '------form-4f1b\r\nContent-Disposition: form-data; name="file"; filename="minutes.txt"\r\nContent-Type: text/plain\r\n\r\nNobody was late.\r\n------form-4f1b--\r\n',
      answer: { file: { id: 'f-2209', name: 'minutes.txt', size: 16 } },
    },
  ],
  source: action({
    input: 'name: z.string(), text: z.string()',
    output: 'File',
    top: `const File = z.object({ id: z.string(), name: z.string(), size: z.number() })
const boundary = '----form-4f1b'`,
    body: `const named = 'name="file"; filename="' + input.name.replace(/["\\r\\n]/g, '_') + '"'
    const data = ['--' + boundary, 'Content-Disposition: form-data; ' + named, 'Content-Type: text/plain', '', input.text, '--' + boundary + '--', ''].join('\\r\\n')
    const headers = { 'content-type': 'multipart/form-data; boundary=' + boundary }
    const response = await ctx.post({ endpoint: '/files', data, headers })
    return z.object({ file: File }).parse(response.data).file`,
  }),
}

const done = { deployment: 'dep-31', address: 'https://shop-31.acme.example' }
const accepted: Style = {
  declared: { writes: 1 },
  input: { app: 'shop', version: '1.4.0' },
  calls: [
    {
      ...{ method: 'POST', url: '/apps/shop/deployments', send: { version: '1.4.0' } },
      ...{ status: 202, answer: undefined, answerHeaders: { location: '/operations/op-5512' } },
    },
    { url: '/operations/op-5512', answer: { name: 'op-5512', done: false } },
    { url: '/operations/op-5512', answer: { name: 'op-5512', done: true, response: done } },
  ],
  source: action({
    input: 'app: z.string(), version: z.string()',
    output: 'z.object({ operation: z.string(), deployment: z.string(), address: z.string() })',
    top: `const Operation = z.object({ name: z.string(), done: z.boolean(), error: z.object({ message: z.string() }).optional(), response: z.object({ deployment: z.string(), address: z.string() }).optional() })`,
    body: `const { headers } = await ctx.post({ endpoint: '/apps/' + encodeURIComponent(input.app) + '/deployments', data: { version: input.version } })
    const location = headers['location']
    if (typeof location !== 'string') throw new ctx.ActionError({ message: 'The answer does not say where to look.' })
    for (let turn = 0; turn < 10; turn += 1) {
      const { name, done, error, response } = Operation.parse((await ctx.get({ endpoint: location })).data)
      if (error) throw new ctx.ActionError({ message: error.message })
      if (done && response) return { operation: name, ...response }
    }
    throw new ctx.ActionError({ message: 'The deployment takes too long.' })`,
  }),
}

const busy: Style = {
  declared: { writes: 0, expectedStatuses: [429] },
  input: { sku: 'SEED-12' },
  calls: [
    {
      ...{ url: '/stock/SEED-12', status: 429, answer: { message: 'Slow down' } },
      answerHeaders: { 'retry-after': new Date(sample.startedAt).toUTCString() },
    },
    { url: '/stock/SEED-12', answer: { sku: 'SEED-12', on_hand: 38, reserved: 5 } },
  ],
  source: action({
    input: 'sku: z.string()',
    output: 'z.object({ sku: z.string(), free: z.number() })',
    top: `const Stock = z.object({ sku: z.string(), on_hand: z.number(), reserved: z.number() })
const waitOf = (header: string): number => {
  const seconds = Number(header)
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000
  return Number.isNaN(ms) ? 1000 : Math.min(Math.max(ms, 0), 30_000)
}`,
    body: `for (let turn = 0; turn < 4; turn += 1) {
      const response = await ctx.get({ endpoint: '/stock/' + encodeURIComponent(input.sku), expectedStatus: [429] })
      if (response.status !== 429) {
        const { sku, on_hand, reserved } = Stock.parse(response.data)
        return { sku, free: on_hand - reserved }
      }
      const ms = waitOf(String(response.headers['retry-after'] ?? '1'))
      await new Promise((resolve) => setTimeout(resolve, ms))
    }
    throw new ctx.ActionError({ message: 'The shop stays busy.' })`,
  }),
}

const maria = { external_id: 'crm-77', email: 'maria@acme.example', name: 'Maria Muster' }
const { external_id: externalId, ...changed } = maria
const before = { id: 8841, external_id: externalId, email: 'old@acme.example', name: 'Old Name' }

const upsert = (isKnown: boolean): Style => ({
  declared: { writes: 1 },
  input: { externalId, ...changed },
  calls: [
    { url: '/people?external_id=crm-77', answer: { people: isKnown ? [before] : [] } },
    isKnown
      ? {
          ...{ method: 'PATCH', url: '/people/8841', send: changed },
          answer: { person: { id: 8841, ...maria } },
        }
      : {
          ...{ method: 'POST', url: '/people', send: maria, status: 201 },
          answer: { person: { id: 9001, ...maria } },
        },
  ],
  source: action({
    input: 'externalId: z.string(), email: z.string(), name: z.string()',
    output: 'z.object({ id: z.string(), email: z.string(), created: z.boolean() })',
    top: `const Person = z.object({ id: z.number(), external_id: z.string(), email: z.string(), name: z.string() })`,
    body: `const { email, name, externalId } = input
    const listed = await ctx.get({ endpoint: '/people', params: { external_id: externalId } })
    const [known] = z.object({ people: z.array(Person) }).parse(listed.data).people
    const response = known
      ? await ctx.patch({ endpoint: '/people/' + String(known.id), data: { email, name } })
      : await ctx.post({ endpoint: '/people', data: { external_id: externalId, email, name } })
    const { person } = z.object({ person: Person }).parse(response.data)
    return { id: String(person.id), email: person.email, created: known === undefined }`,
  }),
})

const day: Style = {
  declared: { writes: 0 },
  input: { day: '2026-03-29', zone: 'Europe/Zurich' },
  calls: [
    {
      url: '/appointments?from=2026-03-28T23%3A00%3A00.000Z&to=2026-03-29T22%3A00%3A00.000Z',
      answer: {
        appointments: [
          { id: 12, subject: 'Fit the window', starts_at: '2026-03-29T07:30:00Z' },
          { id: 13, subject: 'Call the plumber', starts_at: '2026-03-29T21:15:00Z' },
        ],
      },
    },
  ],
  source: action({
    input: 'day: z.string().regex(/^\\d{4}-\\d{2}-\\d{2}$/), zone: z.string()',
    output: 'z.array(z.object({ id: z.number(), subject: z.string(), at: z.string() }))',
    top: `const Answer = z.object({ appointments: z.array(z.object({ id: z.number(), subject: z.string(), starts_at: z.string() })) })
const local = (time: Date, zone: string): string => {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }).formatToParts(time)
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return of('year') + '-' + of('month') + '-' + of('day') + 'T' + of('hour') + ':' + of('minute')
}
const startOf = (day: string, zone: string): string => {
  const guess = Date.parse(day + 'T00:00:00Z')
  const first = Date.parse(local(new Date(guess), zone) + ':00Z') - guess
  const second = Date.parse(local(new Date(guess - first), zone) + ':00Z') - (guess - first)
  return new Date(guess - second).toISOString()
}`,
    body: `const next = new Date(Date.parse(input.day + 'T00:00:00Z') + 86_400_000).toISOString().slice(0, 10)
    const { data } = await ctx.get({ endpoint: '/appointments', params: { from: startOf(input.day, input.zone), to: startOf(next, input.zone) } })
    return Answer.parse(data).appointments.map(({ id, subject, starts_at }) => ({ id, subject, at: local(new Date(starts_at), input.zone) }))`,
  }),
}

const styles: Readonly<Record<string, Style>> = {
  'waits for a job': job,
  'uploads a form in parts': upload,
  'looks where a 202 points to': accepted,
  'comes back at the date it was told': busy,
  'creates what is not there yet': upsert(false),
  'updates what is there': upsert(true),
  'asks for a day in a time zone': day,
}

test.for(Object.entries(styles))('an action that %s is honest', async ([, style]) => {
  const { declared, ...trial } = style
  for (const oracle of portableOracles) {
    const result = await bench.ask(oracle, { ...trial, change: { declared } })
    const told = result.ran ? findingsOf(result) : []
    expect(told.filter(({ severity }) => severity !== 'note')).toEqual([])
    if (oracle.name === 'fault-sweep') expect(result.ran).toBe(true)
  }
})
