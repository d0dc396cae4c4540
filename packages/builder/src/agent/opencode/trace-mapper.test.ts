import { expect, test } from 'vitest'
import { TraceMapper } from './trace-mapper.js'

const part = (fields: object) => ({
  type: 'message.part.updated.1',
  data: { part: { id: 'p1', messageID: 'm1', sessionID: 's', ...fields }, time: 2_000 },
})

const message = (fields: object) => ({
  type: 'message.updated.1',
  data: { info: { id: 'm1', role: 'assistant', ...fields } },
})

const tool = (state: object) => part({ type: 'tool', tool: 'bash', callID: 'c1', state })
const input = { command: 'ls' }

test('a tool call is told once, when it has ended', () => {
  const mapper = new TraceMapper()
  const completed = tool({
    status: 'completed',
    input,
    output: 'out',
    metadata: { exit: 3 },
    time: { start: 1_000, end: 1_500 },
  })
  expect(mapper.map(tool({ status: 'pending', input: {} }))).toEqual([])
  expect(mapper.map(tool({ status: 'running', input, time: { start: 1_000 } }))).toEqual([])
  expect(mapper.map(completed)).toEqual([
    {
      kind: 'tool-called',
      callId: 'c1',
      tool: 'bash',
      input,
      output: 'out',
      exitCode: 3,
      status: 'completed',
      durationMs: 500,
    },
  ])
  expect(mapper.map(completed)).toEqual([])
})

test('a refused tool call tells its error; a killed command has no exit code', () => {
  const error = { status: 'error', input, error: 'read-only', time: { start: 1, end: 2 } }
  const killed = {
    status: 'completed',
    input,
    output: '',
    metadata: { exit: null },
    time: { start: 1, end: 2 },
  }
  expect(new TraceMapper().map(tool(error))).toMatchObject([
    { status: 'error', output: 'read-only' },
  ])
  expect(new TraceMapper().map(tool(killed))).toMatchObject([
    { status: 'completed', exitCode: null },
  ])
})

test('what runs when the server dies is told as interrupted, and not again', () => {
  const mapper = new TraceMapper()
  mapper.map(tool({ status: 'running', input, time: { start: 1_000 } }))
  expect(mapper.interrupt(1_700)).toMatchObject([
    { callId: 'c1', status: 'error', durationMs: 700 },
  ])
  expect(mapper.interrupt(1_800)).toEqual([])
})

test('text is told when it is complete, with who said it', () => {
  const mapper = new TraceMapper()
  mapper.map(message({ id: 'm0', role: 'user' }))
  expect(mapper.map(part({ id: 'u', messageID: 'm0', type: 'text', text: 'go' }))).toEqual([
    { kind: 'message', role: 'user', text: 'go' },
  ])
  mapper.map(message({}))
  expect(mapper.map(part({ type: 'text', text: 'he', time: { start: 1 } }))).toEqual([])
  expect(mapper.map(part({ type: 'text', text: 'hello', time: { start: 1, end: 2 } }))).toEqual([
    { kind: 'message', role: 'assistant', text: 'hello' },
  ])
})

test('usage adds up over the steps', () => {
  const mapper = new TraceMapper()
  const tokens = { input: 10, output: 5, reasoning: 1, cache: { read: 7, write: 2 } }
  mapper.map(part({ id: 's1', type: 'step-finish', tokens, cost: 0.25 }))
  mapper.map(part({ id: 's2', type: 'step-finish', tokens, cost: 0.25 }))
  expect(mapper.usage).toEqual({
    tokens: { input: 20, output: 10, reasoning: 2, cacheRead: 14, cacheWrite: 4 },
    costUsd: 0.5,
  })
})

test('the error of the newest answer is the one that counts', () => {
  const mapper = new TraceMapper()
  mapper.map(message({ error: { name: 'APIError', data: { message: 'busy', isRetryable: true } } }))
  expect(mapper.error).toMatchObject({ name: 'APIError' })
  mapper.map(message({ id: 'm2' }))
  expect(mapper.error).toBeNull()
})
