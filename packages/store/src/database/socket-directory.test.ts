import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { makeSocketDir, removeSocketDir, socketDirOf } from './socket-directory.js'

test('the same data directory gives the same short path, another one another', () => {
  const long = `/home/${'x'.repeat(200)}`
  expect(socketDirOf(long, '/tmp')).toBe(socketDirOf(long, '/tmp'))
  expect(socketDirOf(long, '/tmp')).not.toBe(socketDirOf(`${long}y`, '/tmp'))
  expect(socketDirOf(long, '/tmp').length).toBeLessThan(30)
})

test('a temporary directory that is too long for a socket is left for /tmp', () => {
  expect(socketDirOf('/data', `/${'t'.repeat(90)}`)).toMatch(/^\/tmp\/plumb-[0-9a-f]{12}$/)
})

test('a directory that the last user of another server removes meanwhile is made again', async () => {
  const root = await mkdtemp(join(tmpdir(), 'plumb-store-'))
  const socketDir = join(root, 'socket')
  let isOver = false
  const remove = async (): Promise<void> => {
    for (; !isOver; await sleep(1)) await removeSocketDir(socketDir)
  }
  const removing = remove()
  try {
    for (let round = 0; round < 300; round += 1) {
      await makeSocketDir({ socketDir, identity: { prefix: [], owner: null } })
    }
  } finally {
    isOver = true
    await removing
    await rm(root, { recursive: true, force: true })
  }
})
