import { request } from 'node:http'
import { connect, isIP } from 'node:net'
import { expect, test } from 'vitest'
import { guardedLookup, guardLookup, isPrivateAddress } from './private-address.js'

test.each([
  '127.0.0.1',
  '127.8.8.8',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '224.0.0.1',
  '::1',
  '[::1]',
  '::',
  'fe80::1',
  'fd00::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '::127.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b:1::a9fe:a9fe',
  '2001:0:4136:e378:8000:63bf:80ff:fffe',
  'fec0::1',
  'fe80::1%eth0',
  '[fe80::1%eth0]',
  'fd00:ec2::254',
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
])('%s is private', (address) => {
  expect(isPrivateAddress(address)).toBe(true)
})

test.each([
  '8.8.8.8',
  '172.32.0.1',
  '192.169.0.1',
  '100.128.0.1',
  '2606:4700::1',
  '::ffff:8.8.8.8',
  '2001:4860:4860::8888',
  '192.0.3.1',
  '168.63.129.17',
  'example.com',
])('%s is public, or no address at all', (address) => {
  expect(isPrivateAddress(address)).toBe(false)
})

test.each([
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://127.1/',
  'http://[::ffff:7f00:1]/',
])('the host of %s is private in the form that a URL gives it', (url) => {
  expect(isPrivateAddress(new URL(url).hostname)).toBe(true)
})

test.each([{ all: true }, { all: false }, {}])(
  'a name that leads to a private address fails (%o)',
  async (options) => {
    const error = await new Promise((resolve) => guardedLookup('localhost', options, resolve))
    expect(error).toMatchObject({
      code: 'PRIVATE_ADDRESS',
      message: expect.stringContaining('"localhost"'),
    })
  },
)

test('a name that leads nowhere fails as it does without the guard', async () => {
  const error = await new Promise((resolve) => guardedLookup('nowhere.invalid', {}, resolve))
  expect(error).toMatchObject({ syscall: 'getaddrinfo' })
})

/** A resolver whose answers change from one question to the next. */
function resolver(...answers: string[][]) {
  const asked: string[] = []
  const lookup = guardLookup((host, _options, callback) => {
    asked.push(host)
    const addresses = answers[Math.min(asked.length, answers.length) - 1] ?? []
    callback(
      null,
      addresses.map((address) => ({ address, family: isIP(address) })),
    )
  })
  return { asked, lookup }
}

test.each([
  ['127.0.0.1'],
  ['8.8.8.8', '127.0.0.1'],
  ['2606:4700::1', '8.8.8.8', '169.254.169.254'],
  ['8.8.8.8', '::ffff:169.254.169.254'],
  ['8.8.8.8', '::ffff:7f00:1'],
  ['8.8.8.8', '64:ff9b::a9fe:a9fe'],
  ['8.8.8.8', '0.0.0.0'],
  ['2606:4700::1', '::'],
])('no socket is opened to a name of which one address is private: %s %s %s', async (...answer) => {
  const { lookup } = resolver(answer)
  for (const autoSelectFamily of [true, false]) {
    const socket = connect({ host: 'rebound.example', port: 9, lookup, autoSelectFamily })
    const error = await new Promise((resolve) => socket.once('error', resolve))
    expect(error).toMatchObject({ code: 'PRIVATE_ADDRESS' })
  }
})

test.each([{ all: true }, { all: false }])(
  'a name is asked for once, and the socket gets what was looked at (%o)',
  async (options) => {
    const { asked, lookup } = resolver(['8.8.8.8'], ['127.0.0.1'])
    const given = await new Promise((resolve) =>
      lookup('rebound.example', options, (_error, address) => resolve(address)),
    )
    expect(given).toEqual(options.all ? [{ address: '8.8.8.8', family: 4 }] : '8.8.8.8')
    expect(asked).toEqual(['rebound.example'])
  },
)

test('a name that is rebound after its first answer fails at the second request', async () => {
  const { lookup } = resolver(['8.8.8.8'], ['169.254.169.254'])
  await new Promise((resolve) => lookup('rebound.example', {}, resolve))
  const sent = request('http://rebound.example:9/', { lookup, agent: false })
  const error = await new Promise((resolve) => sent.once('error', resolve))
  expect(error).toMatchObject({ code: 'PRIVATE_ADDRESS' })
})
