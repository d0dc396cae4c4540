import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openSandbox } from '../sandbox/open-sandbox.js'
import type { Sandbox } from '../sandbox/sandbox.js'
import { hostMethod } from './function-host.js'
import type { FunctionHost } from './function-host.js'
import { RunnerProcess } from './runner-process.js'
import { runnerCommand, runnerEntry, runnerPolicy } from './runner-policy.js'
import { testHost } from './testing/test-runner.js'

/** What every hostile runner starts with: raw access to the channel. */
const prelude = `
import { Socket } from 'node:net'
const socket = new Socket({ fd: 3, readable: true, writable: true })
const raw = (bytes) => socket.write(bytes)
const sized = (size) => { const head = Buffer.alloc(4); head.writeUInt32BE(size); return head }
const text = (json) => raw(Buffer.concat([sized(Buffer.byteLength(json)), Buffer.from(json)]))
const send = (frame) => text(JSON.stringify(frame))
const call = (call, method = 'getCheckpoint', more = {}) => send({ type: 'call', run: 1, call, method, args: {}, ...more })
send({ type: 'ready' })
`
const onRun = (code: string) => `${prelude}socket.once('data', async () => { ${code} })`

let sandbox: Sandbox
let folder: string

beforeAll(async () => {
  sandbox = await openSandbox()
  folder = await mkdtemp(join(tmpdir(), 'plumb-attack-'))
})

afterAll(async () => {
  await sandbox?.close()
  await rm(folder, { recursive: true, force: true })
})

let attacks = 0

async function attack(script: string, host: FunctionHost, deadlineMs = 20_000) {
  attacks += 1
  const path = join(folder, `attack-${attacks}.mjs`)
  await writeFile(path, script)
  const memory = 256 * 1024 * 1024
  const entry = runnerEntry(path, sandbox.backend)
  const box = sandbox.spawn(runnerPolicy(entry, memory), runnerCommand(entry, memory))
  const times = { graceMs: 100, heartbeatMs: 60_000, silenceMs: 60_000 }
  const runner = new RunnerProcess(box, times)
  try {
    await runner.ready
    const code = 'unused'
    return await runner.run({ code, fileName: 'f.ts', input: null, deadlineMs, host })
  } finally {
    await runner.close()
  }
}

const quickHost = () =>
  testHost({ getCheckpoint: hostMethod(z.strictObject({}), () => ({ n: 1 })) })

describe('a hostile runner is killed for', () => {
  const violations = {
    'a frame that is not JSON': [`text('{not json')`, /not JSON/],
    'a frame that announces more than the cap': [`raw(sized(17 * 1024 * 1024))`, /the cap is/],
    'the largest length there is': [`raw(sized(0xffffffff))`, /4294967295 bytes/],
    'an empty frame': [`raw(sized(0))`, /not JSON/],
    'a frame of no known type': [`send({ type: 'admin' })`, /schema/],
    'a frame with authority in it': [
      `send({ type: 'call', run: 1, call: 1, method: 'getCheckpoint', args: {}, tenant: 'other' })`,
      /schema/,
    ],
    "another run's number": [`call(1, 'getCheckpoint', { run: 2 })`, /belongs to no run/],
    'an unknown method': [`call(1, 'readCredential')`, /no method "readCredential"/],
    'a method of the prototype': [`call(1, 'constructor')`, /no method "constructor"/],
    'wrong arguments': [`call(1, 'getCheckpoint', { args: { x: 1 } })`, /arguments of/],
    'a description nobody asked for': [
      `send({ type: 'described', run: 1, answer: { kind: 'invalid', message: '', remedy: '' } })`,
      /another question/,
    ],
    'a second hello': [`send({ type: 'ready' })`, /second "ready"/],
    'a pong without a ping': [`send({ type: 'pong', sequence: 1 })`, /answers no ping/],
    'a result that is neither': [
      `send({ type: 'result', run: 1, outcome: { kind: 'accepted' }, cpuMs: 1, memoryBytes: 1 })`,
      /schema/,
    ],
    'nesting that would overflow a stack': [
      `text('{"type":"call","run":1,"call":1,"method":"m","args":' + '['.repeat(5e5) + ']'.repeat(5e5) + '}')`,
      /nests deeper/,
    ],
    'more log lines than allowed': [
      `for (let i = 0; i < 1001; i++) send({ type: 'log', run: 1, level: 'info', message: 'x' })`,
      /1000 log lines/,
    ],
    'a log line longer than allowed': [
      `send({ type: 'log', run: 1, level: 'info', message: 'x'.repeat(4001) })`,
      /schema/,
    ],
  } as const
  for (const [name, [code, detail]] of Object.entries(violations)) {
    it(name, async () => {
      const { outcome } = await attack(onRun(code), quickHost())
      expect(outcome).toMatchObject({
        kind: 'killed',
        reason: 'protocol',
        detail: expect.stringMatching(detail),
      })
    })
  }

  it('more calls in flight than the window, of which few are ever started', async () => {
    let started = 0
    const never = hostMethod(z.unknown(), () => {
      started += 1
      return new Promise(() => undefined)
    })
    const host = testHost({ getCheckpoint: never })
    const { outcome } = await attack(onRun(`for (let i = 1; i <= 65; i++) call(i)`), host)
    expect(outcome).toMatchObject({ reason: 'protocol', detail: expect.stringMatching(/64 calls/) })
    expect(started).toBe(16)
  })

  it('a call number that is still in flight', async () => {
    const host = testHost({
      getCheckpoint: hostMethod(z.unknown(), () => new Promise(() => undefined)),
    })
    const { outcome } = await attack(onRun(`call(1); call(1)`), host)
    expect(outcome).toMatchObject({ reason: 'protocol', detail: expect.stringMatching(/twice/) })
  })
})

describe('a hostile runner is bounded when', () => {
  it('it never reads its replies', async () => {
    let answered = 0
    const large = 'x'.repeat(1_000_000)
    const host = testHost({
      getCheckpoint: hostMethod(z.unknown(), () => {
        answered += 1
        return large
      }),
    })
    const code = `socket.pause(); setInterval(() => {}, 1000); let n = 0; const more = () => { n += 1; call(n); if (n < 64) setImmediate(more) }; more()`
    const before = process.memoryUsage().rss
    const { outcome } = await attack(onRun(code), host, 1500)
    expect(outcome).toMatchObject({ kind: 'killed', reason: 'deadline' })
    expect(answered).toBeLessThan(64)
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000)
  })

  it('it floods one call after the other', async () => {
    let answered = 0
    const host = testHost({ getCheckpoint: hostMethod(z.unknown(), () => (answered += 1)) })
    const code = `let n = 0; const more = () => call(n += 1); socket.on('data', more); more()`
    const { outcome } = await attack(onRun(code), host, 700)
    expect(outcome).toMatchObject({ kind: 'killed', reason: 'deadline' })
    expect(answered).toBeGreaterThan(10)
  })

  it('it sends a frame byte by byte and never ends it', async () => {
    const code = `raw(sized(1e6)); const drip = () => { raw(Buffer.from('x')); setImmediate(drip) }; drip()`
    const { outcome } = await attack(onRun(code), quickHost(), 700)
    expect(outcome).toMatchObject({ kind: 'killed', reason: 'deadline' })
  })

  it('it closes the channel and stays alive', async () => {
    const code = `socket.destroy(); setInterval(() => {}, 1000)`
    const { outcome } = await attack(onRun(code), quickHost(), 700)
    expect(outcome).toMatchObject({ kind: 'killed' })
  })

  it('it goes on after its result', async () => {
    const code = `send({ type: 'result', run: 1, outcome: { kind: 'returned', output: 1 }, cpuMs: 1, memoryBytes: 1 }); call(1)`
    const host = testHost({
      getCheckpoint: hostMethod(z.unknown(), () => {
        throw new Error('must not be called')
      }),
    })
    const { outcome } = await attack(onRun(code), host)
    expect(outcome).toEqual({ kind: 'returned', output: 1 })
  })

  it('it ends at once', async () => {
    const { outcome } = await attack(onRun(`process.exit(0)`), quickHost())
    expect(outcome).toMatchObject({ kind: 'killed', reason: 'crash' })
  })

  it('it ends before it is ready', async () => {
    await expect(attack(`process.exit(3)`, quickHost())).rejects.toMatchObject({
      code: 'sandbox-failed',
    })
  })
})
