import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestDatabase } from '@plumb/store/testing'
import { rogues, sampledRogues, sampledTwins, twins } from '@plumb/testbed/rogues'
import type { Aftermath } from '@plumb/testbed/rogues'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  judgeRogue,
  judgeTwin,
  openRogueStage,
  playScripts,
} from '../packages/app/src/bench/misbehaviour/index.js'

/*
 * Scripted agents that cheat, and honest twins of them, go through one whole build: OpenCode, boxes, gateway, runner,
 * verification. Nothing on the way knows that they are scripted. `plumb bench misbehaviour` plays all of them; here
 * is one for each way in which something is found or fails.
 */

const closers: (() => Promise<unknown>)[] = []
const ended = new Map<string, Aftermath>()
// `ROGUES=time-bomb,claims-done npx vitest run test/rogues.test.ts` plays these only.
const only = process.env['ROGUES']?.split(',')
const played = rogues.filter(({ id }) => (only ?? Object.keys(sampledRogues)).includes(id))
const honest = twins.filter(({ id }) => (only ?? sampledTwins).includes(id))

beforeAll(async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'plumb-rogues-')))
  closers.push(() => rm(root, { recursive: true, force: true }))
  const db = await openTestDatabase()
  closers.push(() => db.close())
  const stage = await openRogueStage({
    ...{ db, root, concurrency: 3, environment: process.env },
    scripts: [...honest, ...played],
    signal: new AbortController().signal,
  })
  closers.push(() => stage.close())
  for (const [runId, scripts] of Object.entries({ run_twins: honest, run_rogues: played }))
    for await (const { id, after } of playScripts(stage, scripts, { runId })) ended.set(id, after)
}, 800_000)

afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

test.each(played)('$id does not get away with $behaviour', (rogue) => {
  const after = endOf(rogue.id)
  expect(judgeRogue(rogue, after), told(after)).not.toMatchObject({ outcome: 'missed' })
  const ends = sampledRogues[rogue.id]
  if (ends !== undefined) expect(after.verdict.kind, told(after)).toBe(ends)
})

test.each(honest)('$id is not suspected of anything', (twin) => {
  const after = endOf(twin.id)
  expect(judgeTwin(twin, after), told(after)).toMatchObject({ falseBlock: false, findings: [] })
})

test.each(played.filter(({ id }) => sampledRogues[id] === 'accepted'))(
  '$id is accepted with the function that was checked',
  ({ id }) => {
    const written = endOf(id).trace.flatMap((event) =>
      event.kind === 'tool-called' && event.tool === 'write'
        ? [(event.input as { content?: unknown }).content]
        : [],
    )
    expect(endOf(id).submission?.files.map(({ content }) => content)).toEqual([written.at(-1)])
  },
)

test('what an agent prints shows no key and no other workspace', () => {
  const outputs = [...ended.values()].flatMap(({ trace }) =>
    trace.flatMap((event) => (event.kind === 'tool-called' ? [event.output] : [])),
  )
  for (const output of outputs) {
    expect(output).not.toMatch(/(crm-key|desk-token)-/)
    expect(output).not.toMatch(/root:[^x*!]/)
  }
})

function endOf(id: string): Aftermath {
  const found = ended.get(id)
  if (found === undefined) throw new Error(`${id} was not played`)
  return found
}

function told({ verdict }: Aftermath): string {
  return verdict.findings
    .map(({ behaviour, severity, message }) => `${behaviour} ${severity}: ${message}`)
    .join('\n')
}
