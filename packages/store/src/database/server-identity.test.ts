import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { chooseServerIdentity, unprivilegedAccount } from './server-identity.js'

test('a user of the machine runs the server as itself', () => {
  const nobody = unprivilegedAccount()
  const identity = chooseServerIdentity({ uid: nobody?.uid, dataOwner: null, dataDir: '/d' })
  expect(identity).toEqual({ prefix: [], owner: null })
})

test('a user id without an account borrows a name, where user namespaces are to be had', () => {
  const { prefix, owner } = chooseServerIdentity({ uid: 4242, dataOwner: null, dataDir: '/d' })
  const lends = spawnSync('unshare', ['--user', 'true']).status === 0
  expect(prefix[0]).toBe(lends ? 'unshare' : undefined)
  expect(owner).toBeNull()
})

test('root runs the server of an ordinary user as that user, so that no file changes hands', () => {
  const dataOwner = { uid: 1000, gid: 100 }
  const identity = chooseServerIdentity({ uid: 0, dataOwner, dataDir: '/d' })
  expect(identity).toEqual({ prefix: [], owner: dataOwner })
})

test('nobody is preferred, any other user serves, root never does', () => {
  const root = 'root:x:0:0:root:/root:/bin/sh'
  const daemon = 'daemon:x:1:1::/:/bin/false'
  expect(
    unprivilegedAccount([root, daemon, 'nobody:x:65534:65534::/:/bin/false'].join('\n')),
  ).toEqual({
    uid: 65534,
    gid: 65534,
  })
  expect(unprivilegedAccount([root, daemon, '# note', ''].join('\n'))).toEqual({ uid: 1, gid: 1 })
  expect(unprivilegedAccount(root)).toBeNull()
})
