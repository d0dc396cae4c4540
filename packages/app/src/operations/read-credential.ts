import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Credential } from '@plumb/protocol'
import { credentialSchema, PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import type { Config } from '../config.js'

export type CredentialSource = {
  /** Name of a variable that holds a token or key. */
  readonly tokenEnv?: string | undefined
  /** A file with the credential as JSON; `-` is standard input. */
  readonly credential?: string | undefined
}

/** Reads a credential from where the person put it; `mode` is the provider's. Throws PlumbError `usage`, never with a secret. */
export async function readCredential(
  source: CredentialSource,
  { config, mode }: { readonly config: Config; readonly mode: string },
): Promise<Credential> {
  if (source.credential !== undefined) return readJson(source.credential, credentialSchema, config)
  if (source.tokenEnv !== undefined) return fromVariable(source.tokenEnv, mode, config)
  if (mode === 'none') return { kind: 'none' }
  throw wrong(
    'No credential was given.',
    'Add --token-env NAME (a variable that holds the token) or --credential FILE.',
  )
}

function fromVariable(name: string, mode: string, config: Config): Credential {
  // Whoever gives the token itself must not find it in a log.
  if (!/^[A-Z_][A-Z0-9_]{0,63}$/.test(name)) {
    throw wrong(
      '--token-env takes the name of a variable, such as GITHUB_TOKEN; what was given is no such name.',
      'Put the token into a variable and give its name. If you gave the token itself, it may be in the history of your shell.',
    )
  }
  const token = config.environment[name]
  if (token === undefined || token === '') {
    throw wrong(
      `The variable ${name} is not set.`,
      `Set it for this one call: ${name}=... plumb connections add ...`,
    )
  }
  return mode === 'api-key' ? { kind: 'api-key', apiKey: token } : { kind: 'bearer', token }
}

export const oauthClientSchema = z.strictObject({ clientId: z.string(), clientSecret: z.string() })

/** Reads a JSON file that holds secrets; its content is in no message. `-` is standard input. */
export async function readJson<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  config: Config,
): Promise<z.infer<Schema>> {
  const from = name === '-' ? 'Standard input' : name
  const parsed = schema.safeParse(parseJson(await readText(name, from, config), from))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `"${path.map(String).join('.')}": ${message}`,
  )
  throw wrong(
    `${from} does not hold what is needed. ${problems.join('. ')}.`,
    'A credential is {"kind":"bearer","token"}, {"kind":"api-key","apiKey"}, {"kind":"basic","username","password"} or {"kind":"oauth2","accessToken",...}; an OAuth client is {"clientId","clientSecret"}.',
  )
}

async function readText(name: string, from: string, config: Config): Promise<string> {
  const path = name === '-' ? '/dev/stdin' : resolve(config.directory, name.replace(/^@/, ''))
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw wrong(
      `${from} cannot be read: ${(cause as Error).message}`,
      'Name a file, or - for standard input.',
    )
  }
}

function parseJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw wrong(
      `${from} is not JSON.`,
      'It must hold one JSON object, such as {"kind":"bearer","token":"..."}.',
    )
  }
}

function wrong(message: string, remedy: string): PlumbError {
  return new PlumbError({ code: 'usage', message, remedy })
}
