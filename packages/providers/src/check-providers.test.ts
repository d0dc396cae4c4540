import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { checkProviders, loadProviders } from './index.js'

const directories: string[] = []

afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true })
})

/** The problems of entries in a directory, as `file:line: message`. */
async function problemsOf(files: Record<string, string>): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'plumb-providers-'))
  directories.push(directory)
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text)
  const { problems } = await checkProviders({ directories: [directory] })
  return problems.map(({ file, line, message }) => `${basename(file)}:${line}: ${message}`)
}

const good = `name: acme
displayName: Acme
categories: [crm]
docs: https://acme.example/docs
auth: { mode: bearer }
proxy:
  baseUrl: https://\${connectionConfig.site}.acme.example
connectionConfig:
  site: { title: Site, example: north, pattern: '[a-z]+' }
`

test('every entry of the catalog is complete', async () => {
  const { files, names, problems } = await checkProviders()
  expect(problems).toEqual([])
  expect(names.length).toBeGreaterThanOrEqual(files)
  expect(files).toBeGreaterThanOrEqual(40)
})

test('a complete entry has no problem', async () => {
  expect(await problemsOf({ 'acme.yaml': good })).toEqual([])
  const local = good.replace('https://${connectionConfig.site}.acme.example', 'http://127.0.0.1:80')
  const [unused, ...more] = await problemsOf({ 'acme.yaml': local })
  expect([unused, more]).toEqual(['acme.yaml:9: "connectionConfig.site" is used nowhere.', []])
})

test.each([
  ['docs: https://acme.example/docs\n', '', 'acme.yaml:1: "docs" is missing.'],
  ['[crm]', '[]', 'acme.yaml:1: "categories" is empty.'],
  ['docs: https:', 'docs: http:', 'acme.yaml:4: "docs" is "http://acme.example/docs".'],
  ['baseUrl: https:', 'baseUrl: ftp:', 'acme.yaml:7: "proxy.baseUrl" is "ftp:'],
  ['.acme.example\n', '.acme.example/\n', 'Leave the slash at its end out'],
  ['.site}', '.town}', 'acme.yaml:7: "${connectionConfig.town}" of "proxy.baseUrl" is not a field'],
  ['${connectionConfig', '${config', 'acme.yaml:7: "${config.site}" of "proxy.baseUrl"'],
  ['example: north', 'example: N1', 'acme.yaml:9: the example "N1" does not match the pattern'],
  ["'[a-z]+'", "'['", 'acme.yaml:9: "pattern" is "[", not a regular expression'],
  ['mode: bearer', 'mode: magic', 'acme.yaml:5: "auth.mode" is "magic".'],
  ['name: acme', 'name: acne', 'acme.yaml:1: "name" is "acne", but the file is named "acme".'],
])('%j replaced by %j is a problem', async (part, by, expected) => {
  expect(await problemsOf({ 'acme.yaml': good.replace(part, by) })).toContainEqual(
    expect.stringContaining(expected),
  )
})

test.each([
  ['  check: { endpoint: me }\n', '"proxy.check.endpoint" is "me"'],
  ['  paginate: { type: link }\n', 'neither a rel nor a path'],
  [
    '  paginate: { type: offset, offset_name_in_request: o, limit: 5 }\n',
    '"limit" is 5, but "limit_name_in_request" is missing',
  ],
])('a rule of the proxy: %s', async (lines, expected) => {
  const text = good.replace('connectionConfig:\n', `${lines}connectionConfig:\n`)
  expect((await problemsOf({ 'acme.yaml': text }))[0]).toContain(expected)
})

test('the endpoints and scopes of OAuth are looked at, also those of a variant', async () => {
  const auth = (url: string) =>
    `{ mode: oauth2, authorizationUrl: ${url}, tokenUrl: 'https://a.example/t', scopes: [a, b, a] }`
  const text = `${good.replace('{ mode: bearer }', auth('https://a.example'))}variants:
  - { name: acme-two, auth: ${auth('http://b.example')} }
`
  expect(await problemsOf({ 'acme.yaml': text })).toEqual([
    'acme.yaml:11: "variants.0.auth.authorizationUrl" is "http://b.example". Credentials go over HTTPS only.',
    'acme.yaml:5: the scope "a" stands twice.',
    'acme.yaml:11: the scope "a" stands twice.',
  ])
})

test.each([
  [
    '{ mode: two-step, credentials: { user: { title: User } }, token: { url: "https://a.example/${credentials.user}", body: { u: "${credentials.user}" }, tokenPath: t } }',
    [],
  ],
  [
    '{ mode: two-step, credentials: {}, token: { url: "http://a.example", body: { u: "${credentials.user}" }, tokenPath: t } }',
    [
      '"auth.token.url" is "http://a.example". Credentials go over HTTPS only.',
      '"${credentials.user}" of "auth.token.body.u" is not a field',
    ],
  ],
  [
    '{ mode: app, installationUrl: "https://a.example/${app.slug}", tokenUrl: "https://a.example/${connectionConfig.installation_id}" }',
    [],
  ],
  [
    '{ mode: oauth1, requestTokenUrl: ftp://a.example, authorizationUrl: https://a.example, accessTokenUrl: https://a.example }',
    ['"auth.requestTokenUrl" is "ftp://a.example"'],
  ],
  ['{ mode: aws-sigv4, service: s3 }', []],
] as [string, string[]][])(
  'what an entry says about authorising is looked at (case %#)',
  async (auth, expected) => {
    const problems = await problemsOf({ 'acme.yaml': good.replace('{ mode: bearer }', auth) })
    expect(problems).toEqual(expected.map((words) => expect.stringContaining(words) as unknown))
  },
)

test('a name that is taken and an API description that is not there are told', async () => {
  const text = `${good}apiDescription: ./acme/api.json\nvariants: [{ name: bolt }]\n`
  const problems = await problemsOf({
    'acme.yaml': text,
    'bolt.yaml': good.replace('name: acme', 'name: bolt'),
  })
  expect(problems).toEqual([
    'acme.yaml:10: "apiDescription" is "./acme/api.json": no such file.',
    expect.stringMatching(/^acme\.yaml:11: "bolt" is already in .*bolt\.yaml/),
  ])
})

test.each([
  ["signed: '${timestamp}.${body}'", 'does not say where the time stands'],
  ['timestamp: { header: x-time }', 'anybody could change the time'],
])('a webhook signature and its time belong together: %s', async (line, words) => {
  const text = `${good}webhook:\n  verify:\n    scheme: hmac\n    header: x-sign\n    ${line}\n`
  expect(await problemsOf({ 'acme.yaml': text })).toEqual([expect.stringContaining(words)])
})

const webhook = (lines: string) => `webhook:\n  verify: { scheme: none }\n${lines}`
const routed = (matches: string) =>
  webhook(`  route: { at: { body: account }, matches: ${matches} }\n`)
const asked = '  org: { title: Organisation, example: acme }\n'
const oauth = (more: string) =>
  good.replace(
    '{ mode: bearer }',
    `{ mode: oauth2, authorizationUrl: https://a.example, tokenUrl: https://a.example/t${more} }`,
  )

test.each([
  ['asked for', `${good}${asked}${routed('connectionConfig.org')}`],
  ['told', `${oauth(', connectionConfigFrom: { org: team.id }')}${routed('connectionConfig.org')}`],
  ['written by a function', `${good}${routed('metadata.org')}`],
  [
    'that of an app',
    `${good.replace('{ mode: bearer }', '{ mode: app, installationUrl: https://a.example, tokenUrl: https://a.example }')}${routed('connectionConfig.installation_id')}`,
  ],
])('a value that deliveries are compared with is filled: %s', async (_, text) => {
  expect(await problemsOf({ 'acme.yaml': text })).toEqual([])
})

test.each([
  [
    'nothing',
    `${good}${routed('connectionConfig.org')}`,
    '"connectionConfig.org", which nothing fills',
  ],
  [
    'another value',
    `${oauth(', connectionConfigFrom: { team: team.id }')}${routed('connectionConfig.org')}`,
    'compare with "metadata.org"',
  ],
  ['no app', `${oauth('')}${routed('connectionConfig.installation_id')}`, 'which nothing fills'],
])(
  'a value that deliveries are compared with is found when %s fills it',
  async (...[, text, words]) => {
    expect(await problemsOf({ 'acme.yaml': text })).toEqual([expect.stringContaining(words)])
  },
)

test('the secret of a client is found where nothing has a client, but not beside a variant that has', async () => {
  const verify = 'webhook:\n  verify: { scheme: hmac, header: x-sign, secret: client-secret }\n'
  expect(await problemsOf({ 'acme.yaml': `${good}${verify}` })).toEqual([
    expect.stringContaining('"client-secret", but "auth.mode" is "bearer", which has no client'),
  ])
  const variant =
    'variants: [{ name: acme-cc, auth: { mode: client-credentials, tokenUrl: https://a.example } }]\n'
  expect(await problemsOf({ 'acme.yaml': `${good}${verify}${variant}` })).toEqual([])
})

test('most entries say how their webhooks are proved', async () => {
  const loaded = [...(await loadProviders()).values()]
  const whole = loaded.filter(({ tier, provider }) => tier === undefined && provider.webhook)
  expect(whole.length).toBeGreaterThanOrEqual(40)
})
