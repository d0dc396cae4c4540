import type { ApiDescription, TraceEvent, TraceEventBody } from '@plumb/protocol'
import { expect, test } from 'vitest'
import type { DeskTools } from '../../desk/desk-tools.js'
import { openDesk } from '../../desk/open-desk.js'
import { answerBoxRequest } from '../../workspace/answer-box-request.js'
import { firstDivergence } from './first-divergence.js'
import { bash, evidenceOf, trace } from './testing/craft-evidence.js'
import { addWishes, askedFor, unmetWishes } from './unmet-wish.js'

const description: ApiDescription = {
  ...{ title: 'T', version: '1', baseUrl: null, schemas: {}, operations: [] },
}
const { actions } = openDesk({ description } as DeskTools)

/** What the real tool answers, as its calls are traced. */
async function asked(...args: string[]): Promise<TraceEventBody> {
  const context = { actions, signal: new AbortController().signal }
  const { reply, verb, known } = await answerBoxRequest({ args, files: {} }, context)
  const summary = JSON.stringify(reply.output).slice(0, 400)
  const { exitCode } = reply
  return { kind: 'plumb-called', verb, args, known, exitCode, durationMs: 1, summary }
}

const first = (body: TraceEventBody) => askedFor(trace(body)[0] as TraceEvent)

test.each([
  [['record', '--all'], 'verb', 'plumb record', 'plumb dryrun'],
  [['publish', 'v1'], 'verb', 'plumb publish', 'plumb submit'],
  [
    ['dryrun', '--watch', 'x'],
    'option',
    'plumb dryrun --watch',
    '--input, --metadata, --checkpoint',
  ],
])('the real answer to %j is a wish with the nearest there is', async (...row) => {
  const [args, kind, name, nearest] = row
  expect(first(await asked(...args))).toEqual({ kind, asked: name, nearest })
})

test('what exists is no wish, also when it is used wrongly', async () => {
  expect(first(await asked('help'))).toBeNull()
  expect(first(await asked('dryrun', '--input', '{'))).toBeNull()
  expect(first(await asked('docs', 'show'))).toBeNull()
  expect(first(bash('false', 1, 'x: not found'))).toBeNull()
})

test('the real refusal of an operation that is not described is a divergence', async () => {
  const events = trace(await asked('docs', 'show', 'getPeople'))
  expect(firstDivergence(evidenceOf({ trace: events }))).toMatchObject({
    ...{ kind: 'invented-operation', subject: 'getPeople' },
  })
})

test('wishes of several attempts add up, the most wanted first', async () => {
  const record = await asked('record')
  const events = trace(record, bash('jq .', 127, 'sh: 1: jq: not found'), record)
  const sums = addWishes([...unmetWishes('a', events), ...unmetWishes('b', trace(record))])
  expect(sums).toMatchObject([
    { asked: 'plumb record', count: 3, attempts: ['a', 'b'] },
    { asked: 'jq', kind: 'program', nearest: null, count: 1, attempts: ['a'] },
  ])
})
