import { expect, test } from 'vitest'
import { canonicalQuery, signAws } from './sign-aws.js'

// The example of AWS's own documentation of Signature Version 4 ("Task 3: Calculate the signature").
const credential = {
  kind: 'aws',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
} as const

const proof = {
  credential,
  service: 'iam',
  region: 'us-east-1',
  at: new Date('2015-08-30T12:36:00.000Z'),
}

const request = {
  method: 'GET',
  url: 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08',
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', accept: '*/*' },
  body: null,
}

test('the signature names its key, its scope and the headers that decide', () => {
  const headers = signAws(request, proof)
  expect(headers['x-amz-date']).toBe('20150830T123600Z')
  expect(headers['authorization']).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/us-east-1\/iam\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
  )
  expect(JSON.stringify(headers)).not.toContain(credential.secretAccessKey)
})

test.each([
  ['method', { method: 'POST' }],
  ['query', { url: 'https://iam.amazonaws.com/?Action=DeleteUser&Version=2010-05-08' }],
  ['body', { body: Buffer.from('x') }],
])('another %s needs another signature', (_, change) => {
  const before = signAws(request, proof)['authorization']
  expect(signAws({ ...request, ...change }, proof)['authorization']).not.toBe(before)
})

// "get-vanilla", "get-slash", "get-unreserved", "get-vanilla-query-..." and "post-vanilla" of AWS's test suite for Signature Version 4.
const suite = { ...proof, service: 'service', withBodyHash: false }

const unreserved = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

test.each<[string, string, string]>([
  ['GET', '', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['GET', '//', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['GET', '/./', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['GET', `/${unreserved}`, '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f'],
  [
    'GET',
    `/?${unreserved}=${unreserved}`,
    '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
  ],
  ['GET', '/?ሴ=bar', '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04'],
  ['GET', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    'GET',
    '/?Param2=value2&Param1=value1',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  ['POST', '/', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
])('%s %s is signed as AWS published it', (method, path, signature) => {
  const url = `https://example.amazonaws.com${path}`
  const headers = signAws({ method, url, headers: {}, body: null }, suite)
  expect(headers['authorization']).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  )
})

test('the example of its documentation is signed as AWS published it', () => {
  const headers = signAws(request, { ...proof, withBodyHash: false })
  expect(headers['authorization']).toContain(
    'SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  )
})

test('a session token goes along, signed', () => {
  const headers = signAws(request, { ...proof, credential: { ...credential, sessionToken: 'st' } })
  expect(headers['x-amz-security-token']).toBe('st')
  expect(headers['authorization']).toContain(';x-amz-security-token,')
})

test('a session token is signed as AWS published it ("post-sts-header-before")', () => {
  const sessionToken =
    'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=='
  const url = 'https://example.amazonaws.com/'
  const order = { ...suite, credential: { ...credential, sessionToken } }
  const signed = signAws({ method: 'POST', url, headers: {}, body: null }, order)
  expect(signed['authorization']).toContain(
    'Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
  )
})

const signatureOf = (url: string, service: string) =>
  signAws(
    { method: 'GET', url: `https://x.amazonaws.com${url}`, headers: {}, body: null },
    {
      ...{ ...proof, service },
    },
  )['authorization']

test.each([
  [
    'an object of S3 has one name',
    's3',
    "/a(1)!'*$&=@:,;.txt",
    '/a%281%29%21%27%2A%24%26%3D%40%3A%2C%3B.txt',
  ],
  ['an encoded slash stays in its segment', 's3', '/a%2fb', '/a%2Fb'],
])('%s', (...[, service, url, same]) => {
  expect(signatureOf(url, service)).toBe(signatureOf(same, service))
})

test.each([
  ['slashes count in S3', 's3', '/a//b', '/a/b'],
  ['an encoded slash is none', 's3', '/a%2Fb', '/a/b'],
  ['a broken encoding stands for itself', 's3', '/a%zz', '/a'],
])('%s', (...[, service, url, other]) => {
  expect(signatureOf(url, service)).not.toBe(signatureOf(other, service))
})

test.each([
  ['?Filter.10.Name=b&Filter.1.Name=c&Filter.1=a', 'Filter.1=a&Filter.1.Name=c&Filter.10.Name=b'],
  ['?list-type=2&list=1', 'list=1&list-type=2'],
  ['?a=b&a=B&A=c&a', 'A=c&a=&a=B&a=b'],
  ["?q=it's (a) * b!~&x=%2B%20+", 'q=it%27s%20%28a%29%20%2A%20b%21~&x=%2B%20%20'],
  ['?a=b=c&&=d', '=d&a=b%3Dc'],
])('the query %s is signed by name, then by value', (query, canonical) => {
  expect(canonicalQuery(new URL(`https://x.example/${query}`))).toBe(canonical)
})
