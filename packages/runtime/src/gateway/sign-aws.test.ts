import { expect, test } from 'vitest'
import { signAws } from './sign-aws.js'

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

// "get-vanilla", "get-vanilla-query-order-key-case" and "post-vanilla" of AWS's test suite for Signature Version 4.
const suite = { ...proof, service: 'service', withBodyHash: false }

test.each<[string, string, string]>([
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
