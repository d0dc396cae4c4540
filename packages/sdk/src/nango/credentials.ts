/* The shapes existing functions narrow: open members are `any`, because each provider adds its own. */
/* eslint-disable @typescript-eslint/no-explicit-any -- open members of credentials, as existing functions read them */

type Raw = Record<string, any>

export type OAuth1Token = { oAuthToken: string; oAuthTokenSecret: string }

export type OAuth2Credentials = {
  type: 'OAUTH2'
  access_token: string
  refresh_token?: string | undefined
  /** ISO 8601. */
  expires_at?: string | undefined
  config_override?:
    { client_id?: string | undefined; client_secret?: string | undefined } | undefined
  raw: Raw
}

type OAuth2ClientCredentials = {
  type: 'OAUTH2_CC'
  token: string
  expires_at?: string | undefined
  client_id: string
  client_secret: string
  client_certificate?: string | undefined
  client_private_key?: string | undefined
  raw: Raw
}

type OAuth1Credentials = {
  type: 'OAUTH1'
  oauth_token: string
  oauth_token_secret: string
  raw: Raw
}

export type BasicCredentials = { type: 'BASIC'; username: string; password: string }

export type ApiKeyCredentials = { type: 'API_KEY'; apiKey: string }

type AppCredentials = {
  type: 'APP'
  access_token: string
  expires_at?: string | undefined
  raw: Raw
  jwtToken?: string
}

type CustomCredentials = { type: 'CUSTOM'; raw: Raw }

type AppAndUserCredentials = {
  type: 'CUSTOM'
  app: AppCredentials
  user: OAuth2Credentials | null
  raw: Raw
}

type TbaCredentials = {
  type: 'TBA'
  token_id: string
  token_secret: string
  config_override?:
    { client_id?: string | undefined; client_secret?: string | undefined } | undefined
}

type BillCredentials = {
  type: 'BILL'
  username: string
  password: string
  organization_id: string
  dev_key: string
  session_id?: string
  user_id?: string
  expires_at?: string | undefined
  raw: Raw
}

type JwtCredentials = {
  type: 'JWT'
  [member: string]: any
  token?: string
  expires_at?: string | undefined
}

type TwoStepCredentials = {
  type: 'TWO_STEP'
  [member: string]: any
  token?: string
  refresh_token?: string
  expires_at?: string | undefined
  raw: Raw
}

type SignatureCredentials = {
  type: 'SIGNATURE'
  username: string
  password: string
  token?: string
  expires_at?: string | undefined
}

type InstallPluginCredentials = { type: 'BASIC'; [member: string]: any }

type AwsCredentials = {
  type: 'AWS_SIGV4'
  role_arn: string
  region: string
  service: string
  access_key_id: string
  secret_access_key: string
  session_token: string
  expires_at?: string | undefined
  external_id?: string | undefined
  raw: Raw
}

type NoCredentials = Record<string, never>

/** What `getConnection().credentials` may be; narrow it by `type` or by a member. */
export type ConnectionCredentials =
  | OAuth1Credentials
  | OAuth2Credentials
  | OAuth2ClientCredentials
  | BasicCredentials
  | ApiKeyCredentials
  | AppCredentials
  | NoCredentials
  | CustomCredentials
  | TbaCredentials
  | JwtCredentials
  | BillCredentials
  | TwoStepCredentials
  | AppAndUserCredentials
  | SignatureCredentials
  | InstallPluginCredentials
  | AwsCredentials

type ClientCredentials = {
  type: 'OAUTH2' | 'OAUTH1' | 'TBA'
  client_id: string | null
  client_secret: string | null
  scopes: string | null
  webhook_secret: string | null
}

type AppIntegrationCredentials = {
  type: 'APP'
  app_id: string | null
  private_key: string | null
  app_link: string | null
}

type CustomIntegrationCredentials = {
  type: 'CUSTOM'
  client_id: string | null
  client_secret: string | null
  app_id: string | null
  app_link: string | null
  private_key: string | null
}

/** The OAuth client or app of an integration. */
export type IntegrationCredentials =
  ClientCredentials | AppIntegrationCredentials | CustomIntegrationCredentials
