import { PlumbError } from '@plumb/protocol'
import { expect, test } from 'vitest'
import { answerBoxRequest } from './answer-box-request.js'
import type { BoxActions } from './box-actions.js'
import { boxVerbs } from './box-verbs.js'
import { sampleActions } from './testing/sample-task.js'

const signal = new AbortController().signal

async function ask(args: string[], replaced: Partial<BoxActions> = {}, files = {}) {
  const answer = await answerBoxRequest(
    { args, files },
    { actions: sampleActions(replaced), signal },
  )
  return { ...answer, ...answer.reply, output: answer.reply.output as Record<string, unknown> }
}

test('a request goes through with all its parts', async () => {
  const { exitCode, output } = await ask(
    [
      'request',
      'post',
      '/notes',
      '--query',
      'a=1',
      '--query',
      'a=2',
      '--header',
      'x-y=z',
      '--body',
      '@n',
    ],
    {},
    { n: '{"text":"t"}' },
  )
  expect(exitCode).toBe(0)
  expect(output).toMatchObject({ status: 200, receiptId: 'rcp_1' })
  expect(output['body']).toEqual({
    method: 'POST',
    endpoint: '/notes',
    query: [
      ['a', '1'],
      ['a', '2'],
    ],
    headers: { 'x-y': 'z' },
    body: { text: 't' },
  })
})

test('an error status of the API is an answer, an unreachable API is not', async () => {
  const answered = await ask(['request', 'GET', '/x'], {
    request: async () => ({
      kind: 'answered',
      status: 500,
      headers: {},
      body: null,
      receiptId: 'r',
    }),
  })
  const unreachable = await ask(['request', 'GET', '/x'], {
    request: async () => ({ kind: 'unreachable', message: 'refused', receiptId: null }),
  })
  expect(answered.exitCode).toBe(0)
  expect(unreachable).toMatchObject({ exitCode: 1, output: { code: 'provider-unreachable' } })
})

test.each(['request', 'dryrun'] as const)('access that is lost ends %s with 77', async (verb) => {
  const lost = { kind: 'access-lost', message: 'revoked', remedy: 'Reconnect.' } as const
  const args = verb === 'request' ? [verb, 'GET', '/x'] : [verb]
  expect(await ask(args, { request: async () => lost, dryrun: async () => lost })).toMatchObject({
    exitCode: 77,
    output: { error: 'revoked', blocked: true, remedy: 'Reconnect.' },
  })
})

test('a dry run that failed and a check with findings exit with 1', async () => {
  expect((await ask(['dryrun', '--input', '{}'])).exitCode).toBe(0)
  expect((await ask(['dryrun'])).exitCode).toBe(1)
  expect(
    (await ask(['check'], { check: async () => ({ ok: false, findings: [] }) })).exitCode,
  ).toBe(1)
})

test('a submission is taken or refused with the reason', async () => {
  expect(await ask(['submit', '--operation', 'notes.create'])).toMatchObject({
    exitCode: 0,
    output: { submitted: true, hash: 'abc' },
  })
  expect(await ask(['submit', '--operation', 'other'])).toMatchObject({
    exitCode: 1,
    output: { error: 'Not checked.', remedy: 'Run plumb check.' },
  })
})

test('an unknown command names the nearest real one', async () => {
  expect(await ask(['docs', 'serach', 'x'])).toMatchObject({
    exitCode: 64,
    known: false,
    verb: 'docs serach',
    output: { didYouMean: 'plumb docs search' },
  })
})

test('wrong arguments answer with the usage, and nothing runs', async () => {
  const { exitCode, known, output } = await ask(['dryrun', '--input', '{'], {
    dryrun: () => Promise.reject(new Error('ran')),
  })
  expect([exitCode, known]).toEqual([64, true])
  expect(output['usage']).toMatch(/^plumb dryrun/)
})

test("errors become JSON with code and remedy; a bug of ours is not the agent's fault", async () => {
  const refused = new PlumbError({ code: 'host-not-allowed', message: 'no', remedy: 'Stay.' })
  const thrown = (error: Error) => ({ showDoc: () => Promise.reject(error) })
  expect(await ask(['docs', 'show', 'x'], thrown(refused))).toMatchObject({
    exitCode: 1,
    output: { error: 'no', code: 'host-not-allowed', remedy: 'Stay.' },
  })
  expect(await ask(['docs', 'show', 'x'], thrown(new Error('bug')))).toMatchObject({
    exitCode: 2,
    output: { error: 'bug', code: 'internal' },
  })
})

test('help lists every verb, with an example that the verb itself would take', async () => {
  const { output } = await ask(['help'])
  expect((output['commands'] as unknown[]).length).toBe(boxVerbs.length)
  for (const { example, name } of boxVerbs) {
    const words = (example.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) =>
      word.replace(/^['"]|['"]$/g, ''),
    )
    const { known, verb, exitCode } = await ask(words.slice(1))
    expect([known, verb, exitCode === 64]).toEqual([true, name, false])
  }
})

test('a huge answer is cut and says so', async () => {
  const { output } = await ask(['request', 'GET', '/x'], {
    request: async () => ({
      kind: 'answered',
      status: 200,
      headers: {},
      body: Array.from({ length: 9_000 }, () => 'twenty characters...'),
      receiptId: 'r',
    }),
  })
  expect(output['truncated']).toBe(true)
  expect(JSON.stringify(output).length).toBeLessThan(50_000)
})
