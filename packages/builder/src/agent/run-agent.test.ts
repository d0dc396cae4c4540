import type { TraceEventBody } from '@plumb/protocol'
import { expect, test } from 'vitest'
import type { HarnessEvent } from './harness.js'
import { runAgent } from './run-agent.js'
import type { AttemptOver, RunAgentOptions } from './run-agent.js'
import { call, idle, playHarness, says, usage } from './testing/played-harness.js'
import type { PlayedHarness } from './testing/played-harness.js'

const failed = (retryable: boolean): HarnessEvent => ({
  kind: 'failed',
  reason: 'model-failed',
  detail: 'status 429',
  retryable,
})

function start(harness: PlayedHarness, options: Partial<RunAgentOptions<AttemptOver>> = {}) {
  const bodies: TraceEventBody[] = []
  const outcome = runAgent<AttemptOver>({
    harness,
    workspace: { directory: '/ws', launcherPath: '/launcher', guide: '' },
    attemptId: 'att_1',
    prompt: 'Begin.',
    model: 'offline/rules',
    budget: {},
    isOver: () => null,
    onEvent: (body) => void bodies.push(body),
    signal: new AbortController().signal,
    retryDelayMs: 1,
    ...options,
  })
  return { outcome, bodies }
}

/** Says that the attempt is over as soon as a command was told. */
function overAfter(command: string, kind: AttemptOver['kind']) {
  let seen = false
  return {
    isOver: () => (seen ? { kind } : null),
    onEvent: (body: TraceEventBody) => {
      const input = body.kind === 'tool-called' ? (body.input as { command: string }) : null
      seen ||= input?.command === command
    },
  }
}

test.each(['submitted', 'blocked'] as const)('ends as %s once the tool says so', async (kind) => {
  const harness = playHarness([call('plumb check'), call('plumb end'), call('never told'), idle])
  const { outcome } = start(harness, overAfter('plumb end', kind))
  expect(await outcome).toMatchObject({ kind })
  expect(harness.prompts).toEqual(['Begin.'])
  expect(harness.closed()).toBe(true)
})

test('an agent that stops is reminded once, and may still hand in', async () => {
  const harness = playHarness([says('All done!'), idle], [call('plumb submit'), idle])
  const { outcome } = start(harness, overAfter('plumb submit', 'submitted'))
  expect(await outcome).toMatchObject({ kind: 'submitted' })
  expect(harness.prompts[1]).toContain('plumb submit')
})

test('an agent that stops twice has given up, whatever it claims', async () => {
  const harness = playHarness([says('All done!'), idle], [says('I am sure.'), idle])
  const { outcome, bodies } = start(harness)
  expect(await outcome).toMatchObject({ kind: 'gave-up', lastMessage: 'I am sure.' })
  expect(bodies.at(-1)).toEqual({ kind: 'session-finished', reason: 'gave-up' })
  expect(harness.prompts).toHaveLength(2)
})

test.each([
  [{ budget: 'tokens', limit: 150, used: 200 }, { tokens: 150 }],
  [{ budget: 'money', limit: 0.5, used: 0.75 }, { costUsd: 0.5 }],
  [{ budget: 'repeated-calls', limit: 2, used: 3 }, { repeatedCalls: 2 }],
] as const)('passing a budget ends the attempt: %j', async (overrun, limits) => {
  const turn = [usage(50, 0.25), usage(50, 0.25), call('plumb check'), call('plumb  check')]
  const harness = playHarness([...turn, usage(50, 0.25), usage(50), call('plumb check'), idle])
  const { outcome, bodies } = start(harness, { budget: limits })
  expect(await outcome).toMatchObject({ kind: 'exhausted', ...overrun })
  expect(bodies.at(-2)).toEqual({ kind: 'budget-exceeded', ...overrun })
})

test('the time budget ends an attempt in which nothing happens any more', async () => {
  const { outcome } = start(playHarness([says('Thinking.')]), { budget: { seconds: 0.01 } })
  expect(await outcome).toMatchObject({ kind: 'exhausted', budget: 'time', limit: 0.01 })
})

test('a submission that arrived in the last moment counts', async () => {
  const harness = playHarness([])
  const isOver = () => ({ kind: 'submitted' }) as const
  const { outcome } = start(harness, { budget: { seconds: 0.01 }, isOver })
  expect(await outcome).toMatchObject({ kind: 'submitted' })
})

test('a failure of the harness is tried again in the same session', async () => {
  const harness = playHarness([failed(true)], new Error('not yet'), [call('plumb submit')])
  const { isOver, onEvent } = overAfter('plumb submit', 'submitted')
  const failures: TraceEventBody[] = []
  const { outcome } = start(harness, {
    isOver,
    onEvent: (body) => {
      onEvent(body)
      if (body.kind === 'harness-failed') failures.push(body)
    },
  })
  expect(await outcome).toMatchObject({ kind: 'submitted' })
  expect(failures).toMatchObject([
    { reason: 'model-failed', willRetry: true },
    { reason: 'prompt-refused', detail: 'not yet', willRetry: true },
  ])
  expect(harness.prompts[2]).toContain('interrupted')
})

test('a pause of the turn that failed is not taken for giving up', async () => {
  const asked = { kind: 'trace', body: { kind: 'message', role: 'user', text: 'Go on.' } } as const
  const harness = playHarness([failed(true), idle, idle], [asked, call('plumb submit')])
  const { outcome } = start(harness, overAfter('plumb submit', 'submitted'))
  expect(await outcome).toMatchObject({ kind: 'submitted' })
  expect(harness.prompts).toHaveLength(2)
})

test('failures that go on, or that no retry can change, end as harness-failed', async () => {
  const goingOn = playHarness([failed(true)], [failed(true)], [failed(true)])
  const first = start(goingOn, { harnessRetries: 2 })
  expect(await first.outcome).toMatchObject({ kind: 'harness-failed', detail: 'status 429' })
  expect(goingOn.prompts).toHaveLength(3)

  const final = playHarness([failed(false)])
  expect(await start(final).outcome).toMatchObject({ kind: 'harness-failed' })
  expect(final.prompts).toHaveLength(1)
})

test('a session without a sign of life is stopped and prompted again', async () => {
  const harness = playHarness([], [call('plumb submit')])
  const options = { silenceSeconds: 0.01, ...overAfter('plumb submit', 'submitted') }
  expect(await start(harness, options).outcome).toMatchObject({ kind: 'submitted' })
  expect(harness.aborts()).toBe(1)
})

test('cancelling rejects and closes the session', async () => {
  const harness = playHarness([says('Working.')])
  const controller = new AbortController()
  const { outcome } = start(harness, {
    signal: controller.signal,
    onEvent: () => controller.abort(new Error('stopped by a person')),
  })
  await expect(outcome).rejects.toThrow()
  expect(harness.closed()).toBe(true)
})
