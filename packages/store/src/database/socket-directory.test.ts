import { expect, test } from 'vitest'
import { socketDirOf } from './socket-directory.js'

test('the same data directory gives the same short path, another one another', () => {
  const long = `/home/${'x'.repeat(200)}`
  expect(socketDirOf(long, '/tmp')).toBe(socketDirOf(long, '/tmp'))
  expect(socketDirOf(long, '/tmp')).not.toBe(socketDirOf(`${long}y`, '/tmp'))
  expect(socketDirOf(long, '/tmp').length).toBeLessThan(30)
})

test('a temporary directory that is too long for a socket is left for /tmp', () => {
  expect(socketDirOf('/data', `/${'t'.repeat(90)}`)).toMatch(/^\/tmp\/plumb-[0-9a-f]{12}$/)
})
