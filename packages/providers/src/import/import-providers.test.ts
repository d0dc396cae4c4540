import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { importProviders } from './import-providers.js'

const file = `
acme:
  display_name: Acme
  categories: [crm]
  auth_mode: OAUTH2
  authorization_url: https://\${connectionConfig.subdomain}.acme.example/authorize
  token_url: https://\${connectionConfig.subdomain}.acme.example/token
  token_request_auth_method: basic
  disable_pkce: true
  scope_separator: ','
  default_scopes: [read, write, read]
  authorization_params: { response_type: code, prompt: consent }
  docs: https://acme.example/docs
  connection_config:
    subdomain: { type: string, title: Site, example: north, pattern: '^[a-z]+$' }
    unused: { type: string, title: Unused }
  proxy:
    base_url: https://\${connectionConfig.subdomain}.acme.example/api/
    headers: { authorization: 'Bearer \${accessToken}', x-version: 2, x-user: '\${connectionId}' }
    retry: { after: retry-after, error_code: '503' }
    paginate: { type: cursor, cursor_name_in_request: after, cursor_path_in_response: next, limit: 50 }
    verification: { method: GET, endpoints: [me, /other] }
acme-key:
  alias: acme
  display_name: Acme (key)
  auth_mode: API_KEY
  proxy:
    headers: { x-api-key: 'Key \${apiKey}' }
queried: { auth_mode: API_KEY, proxy: { base_url: 'https://q.example || https://r.example', query: { key: '\${apiKey}' } } }
strange: { auth_mode: TELEPATHY, proxy: { base_url: https://x.example } }
homeless: { auth_mode: BASIC }
broken: { auth_mode: 7 }
Upper: { auth_mode: BASIC, proxy: { base_url: https://x.example } }
loop: { alias: loop2, auth_mode: BASIC, proxy: { base_url: https://x.example } }
loop2: { alias: loop }
`

const of = (name: string) => {
  const found = importProviders(file, 'providers.yaml').imported.find((one) => one.name === name)
  if (found === undefined) throw new Error(`${name} was not imported`)
  return { entry: parse(found.yaml) as Record<string, unknown>, left: found.left }
}

test('an entry becomes one of ours, and what has no place in it is named', () => {
  const { entry, left } = of('acme')
  expect(entry).toEqual({
    name: 'acme',
    displayName: 'Acme',
    categories: ['crm'],
    docs: 'https://acme.example/docs',
    auth: {
      mode: 'oauth2',
      authorizationUrl: 'https://${connectionConfig.subdomain}.acme.example/authorize',
      tokenUrl: 'https://${connectionConfig.subdomain}.acme.example/token',
      tokenAuth: 'basic',
      pkce: false,
      scopes: ['read', 'write'],
      scopeSeparator: ',',
      authorizationParams: { prompt: 'consent' },
    },
    proxy: {
      baseUrl: 'https://${connectionConfig.subdomain}.acme.example/api',
      headers: { 'x-version': '2' },
      retry: { after: 'retry-after', errorCodes: [503] },
      paginate: {
        type: 'cursor',
        cursor_name_in_request: 'after',
        cursor_path_in_response: 'next',
      },
      check: { method: 'GET', endpoint: '/me' },
      access: [{ kind: 'access-revoked', status: 401 }],
    },
    connectionConfig: { subdomain: { title: 'Site', example: 'north', pattern: '^[a-z]+$' } },
  })
  expect(left).toEqual(['"proxy.headers.x-user" (${connectionId})'])
})

test('an alias gives what the entry itself does not say', () => {
  const { entry } = of('acme-key')
  expect(entry).toMatchObject({
    displayName: 'Acme (key)',
    auth: { mode: 'api-key', header: 'x-api-key', prefix: 'Key ' },
    proxy: { check: { endpoint: '/me' } },
  })
})

test('a key in the query is found, and of alternative addresses the first is taken', () => {
  expect(of('queried').entry).toMatchObject({
    auth: { mode: 'api-key', query: 'key' },
    proxy: { baseUrl: 'https://q.example' },
  })
})

test.each([
  [
    'old: { auth_mode: OAUTH1, request_url: https://o.example/r, authorization_url: https://o.example/a, token_url: https://o.example/t, signature_method: HMAC-SHA1, proxy: { base_url: https://o.example } }',
    { mode: 'oauth1', requestTokenUrl: 'https://o.example/r' },
  ],
  [
    'rsa: { auth_mode: OAUTH1, request_url: https://o.example/r, authorization_url: https://o.example/a, token_url: https://o.example/t, signature_method: RSA-SHA1, proxy: { base_url: https://o.example } }',
    { mode: 'oauth1', signatureMethod: 'RSA-SHA1' },
  ],
  [
    'machine: { auth_mode: OAUTH2_CC, token_url: https://o.example/t, token_params: { grant_type: client_credentials, audience: api }, proxy: { base_url: https://o.example, headers: { x-token: "Tok ${accessToken}" } } }',
    {
      mode: 'client-credentials',
      tokenParams: { audience: 'api' },
      header: 'x-token',
      prefix: 'Tok ',
    },
  ],
  [
    'steps: { auth_mode: TWO_STEP, token_url: https://o.example/login, body_format: form, token_params: { user: "${username}", pass: "${credentials.password}", grant_type: password }, token_response: { token: data.key, token_expiration: data.until, token_expiration_strategy: expireAt }, credentials: { username: { title: User, secret: false }, password: { title: Password } }, proxy: { base_url: https://o.example, query: { key: "${accessToken}" } } }',
    {
      mode: 'two-step',
      query: 'key',
      token: {
        body: {
          user: '${credentials.username}',
          pass: '${credentials.password}',
          grant_type: 'password',
        },
        bodyFormat: 'form',
        tokenPath: 'data.key',
        expiresAtPath: 'data.until',
      },
    },
  ],
  [
    'signed: { auth_mode: JWT, token: { signing_key: "${credential.privateKey}", expires_in_ms: 60000, headers: { alg: ES256, kid: "${credential.keyId}" }, payload: { iss: "${credential.issuer}", aud: x, exp: 1 } }, credentials: { privateKey: { title: Key }, keyId: {}, issuer: {} }, proxy: { base_url: https://o.example, headers: { authorization: "Bearer ${accessToken}" } } }',
    {
      mode: 'jwt',
      algorithm: 'ES256',
      key: '${credentials.privateKey}',
      joseHeader: { kid: '${credentials.keyId}' },
      claims: { iss: '${credentials.issuer}', aud: 'x' },
      ttlSeconds: 60,
    },
  ],
])('each way of authorising is taken over (case %#)', (text, auth) => {
  const { imported, skipped } = importProviders(text, 'providers.yaml')
  expect(skipped).toEqual([])
  expect(parse(imported[0]?.yaml ?? '')).toMatchObject({ auth })
})

test('what can not be imported is skipped with its reason, and aliases that go round end', () => {
  const { imported, skipped } = importProviders(file, 'providers.yaml')
  expect(imported.map(({ name }) => name)).toEqual(['acme', 'acme-key', 'queried', 'loop', 'loop2'])
  const reasons = Object.fromEntries(skipped.map(({ name, reason }) => [name, reason]))
  expect(Object.keys(reasons).sort()).toEqual(['Upper', 'broken', 'homeless', 'strange'])
  expect(reasons['strange']).toContain('TELEPATHY')
  expect(reasons['homeless']).toContain('base_url')
  expect(reasons['Upper']).toContain('"name" is "Upper"')
})

test('only the named entries are imported, and a name that is not there is told', () => {
  const { imported, skipped } = importProviders(file, 'providers.yaml', ['queried', 'nobody'])
  expect(imported.map(({ name }) => name)).toEqual(['queried'])
  expect(skipped).toEqual([{ name: 'nobody', reason: 'it is not there.' }])
})

test.each(['- a\n- b', 'a: [', '', 'text'])('a text that is no such map is refused: %j', (text) => {
  expect(() => importProviders(text, 'p.yaml')).toThrow('p.yaml can not be imported')
})

const shared = `
.common: &common
  auth_mode: API_KEY
  proxy: &proxy { base_url: https://c.example, headers: { x-key: '\${apiKey}' } }
`

test('anchors are read as YAML 1.1 reads them, however many entries use one', () => {
  const entries = Array.from({ length: 1500 }, (_, at) =>
    at % 2 === 0
      ? `e${at}:\n  <<: *common\n  display_name: Entry ${at}\n`
      : `e${at}: { auth_mode: API_KEY, proxy: *proxy }\n`,
  )
  const { imported, skipped } = importProviders(shared + entries.join(''), 'p.yaml')
  expect(imported).toHaveLength(1500)
  expect(parse(imported[2]?.yaml ?? '')).toMatchObject({
    ...{ name: 'e2', displayName: 'Entry 2', auth: { mode: 'api-key', header: 'x-key' } },
  })
  expect(skipped.map(({ name }) => name)).toEqual(['.common'])
})

test('a bomb of aliases ends with an error', () => {
  const levels = Array.from({ length: 12 }, (_, at) => {
    const below = at === 0 ? 'x' : `*a${at - 1}`
    return `a${at}: &a${at} [${Array(12).fill(below).join(', ')}]`
  })
  expect(() => importProviders(levels.join('\n'), 'p.yaml')).toThrow('p.yaml can not be imported')
})

test('members that nothing here reads are named, and what a token answer tells is taken over', () => {
  const text = `acme:
  auth_mode: OAUTH2
  authorization_url: https://a.example/a
  token_url: https://a.example/t
  token_params: { grant_type: authorization_code, audience: api, tenant: '\${connectionConfig.t}' }
  refresh_params: { grant_type: refresh_token, expire: never }
  body_format: json
  redirect_uri_metadata: [realmId]
  token_response_metadata: [instance_url, team.id]
  docs_connect: https://a.example/how
  post_connection_script: acmePostConnection
  proxy: { base_url: '\${connectionConfig.instance_url}' }
`
  const [one] = importProviders(text, 'p.yaml').imported
  expect(parse(one?.yaml ?? '')).toMatchObject({
    auth: {
      ...{ tokenFormat: 'json', tokenParams: { audience: 'api' } },
      connectionConfigFrom: {
        ...{ realmId: 'realmId', instance_url: 'instance_url', 'team.id': 'team.id' },
      },
    },
  })
  expect(one?.left).toEqual([
    ...['"token_params.tenant"', '"refresh_params.expire"', '"post_connection_script"'],
  ])
})

test.each([
  ['a: 7', 'the entry (line 1)'],
  ['\na:\n', 'the entry (line 2)'],
  ['a:\n  auth_mode: BASIC\n  categories: crm\n', '"categories" (line 3)'],
  ['a:\n  auth_mode: OAUTH2\n  proxy:\n    retry: soon\n', '"proxy.retry" (line 4)'],
  ['a: { alias: nobody }', 'its "alias" is "nobody"'],
])('an entry of a wrong shape is skipped with its place: %j', (text, words) => {
  const { imported, skipped } = importProviders(text, 'p.yaml')
  expect(imported).toEqual([])
  expect(skipped).toEqual([{ name: 'a', reason: expect.stringContaining(words) }])
})

test('a name that stands twice is told with its line', () => {
  const text = 'a: { auth_mode: BASIC }\nb: {}\na: {}\n'
  expect(() => importProviders(text, 'p.yaml')).toThrow(/unique at line 3/)
})
