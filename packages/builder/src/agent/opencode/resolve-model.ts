import { PlumbError } from '@plumb/protocol'

/** How OpenCode reaches one model. */
export type ModelAccess = {
  readonly provider: string
  readonly model: string
  readonly apiKey: string
  /** The AI SDK package that speaks the provider's protocol; bundled with OpenCode. */
  readonly npm: string
  /** Null for the package's own default. */
  readonly baseUrl: string | null
  /** USD per million tokens; without it the session's cost stays 0. */
  readonly price?: { readonly input: number; readonly output: number }
  readonly limits?: { readonly context: number; readonly output: number }
}

export type ModelSources = {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The offline model's endpoint; serves `offline/<model>`. */
  readonly offline?: { readonly url: string; readonly apiKey: string; readonly model: string }
  readonly price?: ModelAccess['price']
}

const compatible = '@ai-sdk/openai-compatible'

type KnownProvider = { readonly key: string; readonly npm: string; readonly baseUrl?: string }

const knownProviders: Readonly<Record<string, KnownProvider>> = {
  anthropic: { key: 'ANTHROPIC_API_KEY', npm: '@ai-sdk/anthropic' },
  openai: { key: 'OPENAI_API_KEY', npm: '@ai-sdk/openai' },
  google: { key: 'GOOGLE_GENERATIVE_AI_API_KEY', npm: '@ai-sdk/google' },
  xai: { key: 'XAI_API_KEY', npm: '@ai-sdk/xai' },
  mistral: { key: 'MISTRAL_API_KEY', npm: '@ai-sdk/mistral' },
  groq: { key: 'GROQ_API_KEY', npm: '@ai-sdk/groq' },
  openrouter: {
    key: 'OPENROUTER_API_KEY',
    npm: compatible,
    baseUrl: 'https://openrouter.ai/api/v1',
  },
  deepseek: { key: 'DEEPSEEK_API_KEY', npm: compatible, baseUrl: 'https://api.deepseek.com/v1' },
}

function unknown(name: string): PlumbError {
  return new PlumbError({
    code: 'model-unknown',
    message: `"${name}" is not a model that can be reached.`,
    remedy: `Name it as provider/model, with one of the providers ${['offline', ...Object.keys(knownProviders)].join(', ')}.`,
  })
}

function splitName(name: string): { provider: string; model: string; known: KnownProvider } {
  const [, provider = '', model = ''] = /^([^/]+)\/(.+)$/.exec(name) ?? []
  const known = Object.hasOwn(knownProviders, provider) ? knownProviders[provider] : undefined
  if (known === undefined) throw unknown(name)
  return { provider, model, known }
}

/**
 * Reads `provider/model` and takes the provider's key from the environment given. Throws PlumbError `model-unknown` or
 * `model-key-missing`.
 */
export function resolveModel(name: string, sources: ModelSources): ModelAccess {
  const { offline, price } = sources
  if (offline !== undefined && name === `offline/${offline.model}`) {
    const { model, apiKey, url } = offline
    return { provider: 'offline', model, apiKey, npm: compatible, baseUrl: url }
  }
  const { provider, model, known } = splitName(name)
  const apiKey = sources.environment[known.key] ?? ''
  if (apiKey === '')
    throw new PlumbError({
      code: 'model-key-missing',
      message: `The model "${name}" needs the key ${known.key}, which is not in the environment.`,
      remedy: `Set ${known.key}, or choose another model with --model.`,
    })
  const access = { provider, model, apiKey, npm: known.npm, baseUrl: known.baseUrl ?? null }
  return price === undefined ? access : { ...access, price }
}
