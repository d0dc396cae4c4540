import { createHmac, createVerify, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { signatureBase, signOAuth1 } from './sign-oauth1.js'

// The example of RFC 5849, sections 3.4.1.1 and 3.4.1.3: query, header and form body are signed together.
const example = {
  method: 'POST',
  url: 'http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: Buffer.from('c2&a3=2+q'),
}
const own = {
  oauth_consumer_key: '9djdj82h48djs9d2',
  oauth_token: 'kkk9d7dh3k39sjv7',
  oauth_signature_method: 'HMAC-SHA1',
  oauth_timestamp: '137131201',
  oauth_nonce: '7d8f3e4a',
}
const published =
  'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D' +
  '%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1' +
  '%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7'

test.each([
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-8',
  'Application/X-WWW-Form-UrlEncoded',
])('the fields of a form (%s) are signed as RFC 5849 shows', (type) => {
  const request = { ...example, headers: { 'content-type': type } }
  expect(signatureBase(request, own)).toBe(published)
})

test.each(['application/json', 'application/x-www-form-urlencoded-not', ''])(
  'a body of type "%s" is no form, and not signed',
  (type) => {
    const request = { ...example, headers: { 'content-type': type } }
    const bare = { ...example, body: null }
    expect(signatureBase(request, own)).toBe(signatureBase(bare, own))
    expect(signatureBase(request, own)).not.toBe(published)
  },
)

test('only ports that the protocol does not imply are signed', () => {
  const at = (url: string) => signatureBase({ ...example, url, body: null }, {}).split('&')[1]
  expect(at('https://www.example.net:8080/?q=1')).toBe('https%3A%2F%2Fwww.example.net%3A8080%2F')
  expect(at('https://EXAMPLE.net:443/r%20v/X')).toBe('https%3A%2F%2Fexample.net%2Fr%2520v%2FX')
})

const proof = {
  ...{ consumerKey: 'dpf43f3p2l4k3l03', consumerSecret: 'kd94hf93k423kf44' },
  ...{ token: 'nnch734d00sl2jdk', tokenSecret: 'pfkkdhi9sl3r4s00' },
  ...{ timestamp: 137131202, nonce: 'chapoH' },
}
const photos = {
  ...{ method: 'GET', headers: {}, body: null },
  url: 'http://photos.example.net/photos?file=vacation.jpg&size=original',
}
/** Of section 1.2 of the RFC; "oauth_version", which it leaves out, is what we add. */
const photosBase = (method: string) =>
  signatureBase(photos, {
    ...{ oauth_consumer_key: proof.consumerKey, oauth_token: proof.token },
    ...{ oauth_signature_method: method, oauth_version: '1.0' },
    ...{ oauth_timestamp: '137131202', oauth_nonce: 'chapoH' },
  })
const signatureIn = (header: string) =>
  decodeURIComponent(/oauth_signature="([^"]*)"/.exec(header)?.[1] ?? '')

test('the key of HMAC-SHA1 and the text it signs give the signature of section 1.2', () => {
  const base = signatureBase(photos, {
    ...{ oauth_consumer_key: proof.consumerKey, oauth_token: proof.token },
    ...{ oauth_signature_method: 'HMAC-SHA1', oauth_timestamp: '137131202' },
    oauth_nonce: 'chapoH',
  })
  const key = `${proof.consumerSecret}&${proof.tokenSecret}`
  const hash = (text: string) => createHmac('sha1', key).update(text).digest('base64')
  expect(hash(base)).toBe('MdpQcU8iPSUjWoN/UDMsK2sui9I=')
  const header = signOAuth1(photos, { ...proof, method: 'HMAC-SHA1' })
  expect(signatureIn(header)).toBe(hash(photosBase('HMAC-SHA1')))
})

test('HMAC-SHA256 signs the same text with the same key', () => {
  const header = signOAuth1(photos, { ...proof, method: 'HMAC-SHA256' })
  const key = `${proof.consumerSecret}&${proof.tokenSecret}`
  const expected = createHmac('sha256', key).update(photosBase('HMAC-SHA256')).digest('base64')
  expect(header).toContain('oauth_signature_method="HMAC-SHA256"')
  expect(signatureIn(header)).toBe(expected)
})

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

test.each([pair.privateKey, pair.privateKey.replaceAll('\n', '\\n')])(
  'RSA-SHA1 proves with the private key alone (%#)',
  (consumerSecret) => {
    const header = signOAuth1(photos, { ...proof, consumerSecret, method: 'RSA-SHA1' })
    const verify = createVerify('sha1').update(photosBase('RSA-SHA1'))
    expect(verify.verify(pair.publicKey, signatureIn(header), 'base64')).toBe(true)
    expect(header).not.toContain('PRIVATE')
  },
)

test('RSA-SHA1 with a secret that is no key says so, and not which', () => {
  const sign = () => signOAuth1(photos, { ...proof, method: 'RSA-SHA1' })
  expect(sign).toThrow('The private key is not one in PEM form.')
  expect(sign).not.toThrow(proof.consumerSecret)
})

test('PLAINTEXT is both secrets, encoded each, also where there is no token yet', () => {
  const secrets = { consumerSecret: 'djr9rjt0jd78jf88&', tokenSecret: 'jjd99$tj88uiths3' }
  const header = signOAuth1(photos, { ...proof, ...secrets, method: 'PLAINTEXT' })
  expect(signatureIn(header)).toBe('djr9rjt0jd78jf88%26&jjd99%24tj88uiths3')
  const { consumerKey, timestamp, nonce } = proof
  const first = { consumerKey, timestamp, nonce, consumerSecret: 'djr9rjt0jd78jf88' }
  expect(signatureIn(signOAuth1(photos, { ...first, method: 'PLAINTEXT' }))).toBe(
    'djr9rjt0jd78jf88&',
  )
})
