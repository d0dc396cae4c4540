import { expect, test } from 'vitest'
import { chooseServerIdentity, unprivilegedAccount } from './server-identity.js'

test('an ordinary user runs the server as itself', () => {
  const identity = chooseServerIdentity({ uid: 1000, dataOwner: null, dataDir: '/d' })
  expect(identity).toEqual({ prefix: [], owner: null })
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
