import { afterEach, beforeEach, expect, it } from 'vitest'
import { startOfflineModel } from './start-offline-model.js'
import type { OfflineModel } from './start-offline-model.js'

let model: OfflineModel
beforeEach(async () => {
  const players = {
    echo: ({ steps }: { steps: readonly unknown[] }) => ({
      kind: 'message' as const,
      text: `${steps.length} steps`,
    }),
  }
  model = await startOfflineModel({ players })
})
afterEach(() => model.close())

const call = (path: string, body?: unknown, key = model.apiKey) =>
  fetch(`${model.url}${path}`, {
    headers: { authorization: `Bearer ${key}` },
    ...(body !== undefined && {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  })
const tools = [{ type: 'function', function: { name: 'bash' } }]
const messages = [{ role: 'user', content: [{ type: 'text', text: 'Do the task.' }] }]

it('lists its players and says what it is', async () => {
  const { data } = (await (await call('/models')).json()) as {
    data: { id: string; owned_by: string }[]
  }
  expect(data.map(({ id }) => id)).toEqual(['builder', 'echo'])
  expect(data[0]?.owned_by).toBe('offline model: rules, no LLM')
})

it('refuses wrong keys, unknown models, broken bodies and other paths', async () => {
  expect((await call('/models', undefined, 'wrong')).status).toBe(401)
  expect((await call('/chat/completions', { model: 'gpt', messages })).status).toBe(404)
  expect((await call('/chat/completions', '{')).status).toBe(400)
  expect((await call('/embeddings', {})).status).toBe(404)
  expect(model.requests).toBe(0)
})

it('streams a tool call, the reason for the end, and usage', async () => {
  const response = await call('/chat/completions', {
    model: 'builder',
    messages,
    tools,
    stream: true,
  })
  const events = (await response.text())
    .trim()
    .split('\n\n')
    .map((line) => line.slice('data: '.length))
  expect(events.at(-1)).toBe('[DONE]')
  const chunks = events.slice(0, -1).map((event) => JSON.parse(event) as Chunk)
  const called = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])
  expect(called).toMatchObject([{ index: 0, type: 'function', function: { name: 'bash' } }])
  expect(JSON.parse(called[0]?.function.arguments ?? '{}')).toHaveProperty('command')
  expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(['tool_calls'])
  expect(chunks.at(-1)?.usage?.prompt_tokens).toBeGreaterThan(10)
})

type Chunk = {
  choices: {
    delta: { tool_calls?: { function: { arguments: string } }[] }
    finish_reason: string | null
  }[]
  usage?: { prompt_tokens: number }
}

it('answers requests without tools with a few words of the request', async () => {
  const response = await call('/chat/completions', {
    model: 'builder',
    messages: [
      { role: 'system', content: 'Make a title.' },
      { role: 'user', content: 'Build the "sync"' },
    ],
  })
  expect(await response.json()).toMatchObject({
    choices: [{ message: { content: 'Build the sync' }, finish_reason: 'stop' }],
  })
})

it('lets a player of another name play, with the steps of its own session', async () => {
  const ran = [
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'bash', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'a', content: 'done' },
  ]
  const say = async (list: readonly unknown[]) => {
    const response = await call('/chat/completions', { model: 'echo', messages: list, tools })
    return ((await response.json()) as { choices: { message: { content: string } }[] }).choices[0]
      ?.message.content
  }
  expect(await Promise.all([say([...messages, ...ran]), say(messages)])).toEqual([
    '1 steps',
    '0 steps',
  ])
  expect(model.requests).toBe(2)
})

it('does not go on with a session that is not its own', async () => {
  const foreign = [
    {
      role: 'assistant',
      content: '',
      tool_calls: [
        {
          id: 'a',
          type: 'function',
          function: { name: 'bash', arguments: '{"command":"rm -rf ."}' },
        },
      ],
    },
  ]
  const response = await call('/chat/completions', {
    model: 'builder',
    messages: [...messages, ...foreign],
    tools,
  })
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
  expect(choices[0]?.message.content).toContain('did not make')
})
