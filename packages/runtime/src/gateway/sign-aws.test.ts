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

test('a session token goes along, signed', () => {
  const headers = signAws(request, { ...proof, credential: { ...credential, sessionToken: 'st' } })
  expect(headers['x-amz-security-token']).toBe('st')
  expect(headers['authorization']).toContain(';x-amz-security-token,')
})
