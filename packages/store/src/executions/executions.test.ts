import type { Execution } from '@plumb/protocol'
import { expect, test } from 'vitest'
import { openTestDatabase } from '../testing/index.js'
import { getExecution, listExecutions, saveExecution } from './executions.js'

test('executions come back as they were, in the order in which they ended', async () => {
  const db = await openTestDatabase()
  const execution: Execution = {
    id: 'e2',
    attemptId: 'a1',
    purpose: 'dryrun',
    functionName: 'list-issues',
    functionKind: 'sync',
    sourceHash: 'h',
    integrationKey: 'github',
    connectionId: 'c1',
    input: { z: 1, a: ['\u0000'] },
    startCheckpoint: null,
    metadata: {},
    outcome: { kind: 'returned', output: [null, 0.1, 'x'] },
    records: { Issue: { saved: [{ id: '1' }], updated: [], deleted: [] } },
    endCheckpoint: { since: '2026' },
    calls: [],
    logs: [],
    startedAt: '2026-01-01T00:00:00Z',
    durationMs: 1.5,
    cpuMs: null,
  }
  await saveExecution(db, execution)
  await saveExecution(db, { ...execution, id: 'e1' })
  await saveExecution(db, { ...execution, id: 'e3', attemptId: null })
  expect(await getExecution(db, 'e2')).toEqual(execution)
  expect(JSON.stringify((await getExecution(db, 'e2'))?.input)).toBe('{"z":1,"a":["\\u0000"]}')
  expect(await getExecution(db, 'e9')).toBeNull()
  const listed = await listExecutions(db, { attemptId: 'a1' })
  expect(listed.map((each) => each.id)).toEqual(['e2', 'e1'])
  await expect(saveExecution(db, execution)).rejects.toThrow(/duplicate key/)
  await db.close()
})
