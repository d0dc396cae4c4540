import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createSocket } from 'node:dgram'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, ListenOptions } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Target } from './attack.js'

export type OpenTarget = Target & {
  /** A socket that the agent box may use. */
  readonly allowedSocket: string
  /** Who has connected or sent something so far; boxes must not be among them. */
  readonly visits: string[]
  readonly isVictimAlive: () => boolean
  close(): Promise<void>
}

async function listen(options: ListenOptions, visited: () => void) {
  const server = createServer((socket) => {
    visited()
    socket.on('error', () => undefined).end('hello')
  })
  server.listen(options)
  await once(server, 'listening')
  return server
}

async function receive(visited: () => void) {
  const socket = createSocket('udp4').on('message', visited)
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

function writeFiles(root: string, secret: string) {
  const [workspace, sibling, readOnly] = ['workspace', 'sibling', 'read-only'].map((name) =>
    join(root, name),
  ) as [string, string, string]
  for (const folder of [workspace, sibling, readOnly]) mkdirSync(folder)
  const siblingFile = join(sibling, 'secret')
  const readOnlyFile = join(readOnly, 'rules')
  writeFileSync(siblingFile, secret)
  writeFileSync(readOnlyFile, 'rules')
  const guardedFile = join(workspace, 'guarded')
  writeFileSync(guardedFile, 'guarded')
  return { workspace, siblingFile, readOnlyFile, guardedFile }
}

/** Opens everything that attacks aim at: files, listeners on loopback and a process. */
export async function openTarget(): Promise<OpenTarget> {
  const secret = `secret-${randomUUID()}`
  const root = mkdtempSync(join(tmpdir(), 'plumb-escape-'))
  const visits: string[] = []
  const visited = (name: string) => () => void visits.push(name)
  const unixSocket = join(root, 'other.sock')
  const allowedSocket = join(root, 'allowed.sock')
  const abstractSocket = `plumb-${randomUUID()}`
  const tcp = await listen({ host: '127.0.0.1', port: 0 }, visited('tcp'))
  const servers = [
    tcp,
    await listen({ path: unixSocket }, visited('unix')),
    await listen({ path: allowedSocket }, () => undefined),
    await listen({ path: `\0${abstractSocket}` }, visited('abstract')),
  ]
  const udp = await receive(visited('udp'))
  // Longer than the file of tests takes on any machine: it may only end by being killed.
  const victim = spawn('/bin/sleep', ['7200'], { stdio: 'ignore', env: { SECRET: secret } })
  return {
    ...writeFiles(root, secret),
    ...{ secret, visits, unixSocket, allowedSocket, abstractSocket },
    hostPid: process.pid,
    victimPid: victim.pid ?? 0,
    home: homedir(),
    tcpPort: (tcp.address() as AddressInfo).port,
    udpPort: udp.address().port,
    isVictimAlive: () => victim.exitCode === null && victim.signalCode === null,
    async close() {
      victim.kill('SIGKILL')
      udp.close()
      for (const server of servers) server.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
