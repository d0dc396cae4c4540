/** The entry that `plumb init` writes for an API that the catalog does not have: it is valid, and says what to change. */
export function starterProvider(name: string): string {
  return `# How Plumb reaches the API. Credentials do not belong here: \`plumb connections add\` keeps them.
name: ${name}
displayName: ${name}
auth:
  # api-key (with \`header\` or \`query\`), basic, none, or oauth2 (with authorizationUrl and tokenUrl).
  mode: api-key
  header: authorization
  # Text before the key; leave it out when the header holds nothing but the key.
  prefix: 'Bearer '
proxy:
  baseUrl: https://api.example.com
  # A cheap request that fails when the account may no longer be used.
  check:
    endpoint: /me
  # Which answers mean that access is gone: the build stops and says so, instead of building around it.
  access:
    - kind: access-revoked
      status: 401
# An OpenAPI 3, Swagger 2 or Google Discovery document: a path relative to this file, or a URL.
apiDescription: ./${name}.openapi.json
`
}
