import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { openPool, openRetriedPool } from './open-pool.js'

const closers: (() => Promise<unknown>)[] = []
afterAll(() => Promise.all(closers.map((close) => close())))

/** A message of PostgreSQL's protocol. */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, body])
}

const letsIn = message('R', Buffer.alloc(4))
const isReady = message('Z', Buffer.from('I'))
const isShutDown = message('E', Buffer.from('SFATAL\0C57P01\0Mshut down\0\0'))

/** A server of which every session is told `first`, and ends with its first statement. */
async function serve(first: Buffer) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('data', () => {
      socket.write(first)
      socket.on('data', () => socket.destroy())
    })
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { host: '127.0.0.1', port, user: 'u', password: '', database: 'd', max: 2 }
}

test('a session that is ended in the same breath in which it is opened does not end the process', async () => {
  const pool = openPool(await serve(Buffer.concat([letsIn, isReady, isShutDown])))
  const session = await pool.connect()
  await expect(session.query('select 1')).rejects.toThrow()
  session.release(true)
  await pool.end()
})

test('a lost session is told in words that a library knows, whatever the system calls it', async () => {
  const pool = openRetriedPool(await serve(Buffer.concat([letsIn, isReady])))
  const told = 'Connection terminated unexpectedly'
  await expect(pool.query('select 1')).rejects.toThrow(told)
  const session = await pool.connect()
  const pipe = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
  const query = session.query('select 1')
  session.emit('error', pipe)
  await expect(query).rejects.toThrow(told)
  session.release(true)
  await pool.end()
  const away = openRetriedPool({ host: '/nowhere', user: 'u', database: 'd' })
  await expect(away.query('select 1')).rejects.toThrow(told)
  await expect(away.connect()).rejects.toThrow(told)
})
