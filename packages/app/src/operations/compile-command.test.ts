import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../bin/plumb.js', import.meta.url))
const linux = process.platform === 'linux'
let root = ''

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'plumb-compile-')))
})
afterEach(() => rm(root, { recursive: true, force: true }))

type Started = {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
}

function start(args: readonly string[], flags: readonly string[] = []): Started {
  const env = { ...process.env, PLUMB_HOME: join(root, '.home') }
  const child = spawn(process.execPath, [...flags, main, ...args], { cwd: root, env })
  const texts = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString('utf8')))
  return { child, out: () => texts.out, err: () => texts.err }
}

async function run(args: readonly string[], flags: readonly string[] = []) {
  const started = start(args, flags)
  const [code] = (await once(started.child, 'close')) as [number | null]
  return { code, out: started.out(), err: started.err() }
}

/** Waits until `holds`, for as long as the test may take. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 3000 && !holds(); turn += 1) await wait(50)
  expect(holds()).toBe(true)
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}

/** An action that compiles, and that the lint warns about: nothing reads its checkpoint. */
function action(body = 'return { id: input.id }'): string {
  return `import { createAction } from 'nango'
import { z } from 'zod'
export default createAction({
  description: 'Reads one', input: z.object({ id: z.string() }), output: z.object({ id: z.string() }),
  checkpoint: z.object({ cursor: z.string() }),
  exec: async (_nango, input) => { ${body} },
})
`
}

test('one line of JSON tells counts and costs, however many warnings there are', async () => {
  for (let at = 0; at < 40; at += 1) write(`shop/actions/get-${at}.ts`, action())
  const { code, out } = await run(['compile', '.', '--json'])
  expect(code).toBe(0)
  expect(out.trimEnd().split('\n')).toHaveLength(1)
  const told = JSON.parse(out) as Record<string, unknown>
  expect(told).toMatchObject({ ok: true, functions: 40, compiled: 40, failed: 0, diagnostics: [] })
  expect(told['warnings']).toBe(40)
  expect(Object.values(told['warningsByRule'] as object)).toEqual([40])
  expect(told['seconds']).toBeGreaterThan(0)
  expect(told['cpuSeconds']).toBeGreaterThan(0)
  expect(told['peakMemoryBytes']).toBeGreaterThan(50e6)
  const again = JSON.parse((await run(['compile', '--json', '--warnings'])).out) as typeof told
  expect(again).toMatchObject({ unchanged: 40, warnings: 40 })
  expect(again['diagnostics']).toHaveLength(40)
  expect((await run(['compile', '--strict', '--json'])).code).toBe(1)
})

test('an error is shown with its place and remedy, and the exit code says so', async () => {
  write('shop/actions/bad.ts', action('return { id: 1 }'))
  const { code, out } = await run(['compile'])
  expect(code).toBe(1)
  expect(out).toContain('shop/actions/bad.ts:6')
  expect(out).toContain('TS2322')
  expect(out).toContain('0 of 1 functions compile, 1 failed')
})

test.runIf(linux)('where no box can be made, nothing runs and the reason is told', async () => {
  write('shop/actions/get.ts', action())
  const elsewhere = 'Object.defineProperty(process, "platform", { value: "sunos" })'
  const { code, out } = await run(
    ['compile', '--json'],
    ['--import', `data:text/javascript,${encodeURIComponent(elsewhere)}`],
  )
  expect(code).not.toBe(0)
  const { error } = JSON.parse(out) as { error: Record<string, string> }
  expect(error['code']).toBe('sandbox-unavailable')
  expect(error['remedy']).not.toBe('')
})

test.runIf(linux)('a compilation that is interrupted leaves no process behind', async () => {
  for (let at = 0; at < 300; at += 1) write(`shop/actions/get-${at}.ts`, action())
  const { child, err } = start(['compile'])
  let descendants: Process[] = []
  const isBusy = (): boolean => (descendants = below(child.pid ?? 0)).length > 3
  await until(() => isBusy() || child.exitCode !== null)
  child.kill('SIGINT')
  expect(descendants.length).toBeGreaterThan(3)
  await once(child, 'close')
  expect(err()).toContain('Stopping')
  expect(child.exitCode).not.toBe(0)
  await until(() => descendants.every((one) => startOf(one.pid) !== one.start))
})

test('what is changed while "dev" watches is compiled again, and it ends when it is told to', async () => {
  write('shop/actions/get.ts', action())
  const { child, err } = start(['dev'])
  await until(() => err().includes('Watching'))
  expect(err()).toContain('ok: shop/actions/get')
  // A watch needs a moment to begin: what was written before is written again.
  let looks = 0
  await until(() => {
    if (looks++ % 40 === 0) write('shop/actions/get.ts', action('return { id: 1 }'))
    return err().includes('TS2322')
  })
  write('shop/actions/get.ts', action('return { id: `${input.id}!` }'))
  await until(() => err().split('ok: shop/actions/get').length > 2)
  child.kill('SIGINT')
  await once(child, 'close')
  expect(child.exitCode).toBe(0)
})

test('"dev --once" compiles once and tells failures by its exit code', async () => {
  write('shop/actions/get.ts', action('return { id: 1 }'))
  const { code, err } = await run(['dev', '--once'])
  expect(code).toBe(1)
  expect(err).toContain('shop/actions/get.ts:6')
})

type Process = { readonly pid: number; readonly start: string }

/** Everything that a process and its descendants have started. */
function below(pid: number): Process[] {
  return threadsOf(pid).flatMap((thread) => {
    const path = `/proc/${pid}/task/${thread}/children`
    const children = readOrNothing(path).split(' ').filter(Boolean).map(Number)
    return children.flatMap((one) => [{ pid: one, start: startOf(one) }, ...below(one)])
  })
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

/** When a process started: a number may be given again. One that has ended may wait for ever to be asked how. */
function startOf(pid: number): string {
  const text = readOrNothing(`/proc/${pid}/stat`)
  const [state = 'X', ...more] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return text === '' || state === 'Z' || state === 'X' ? 'ended' : (more[18] ?? '')
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
