import type { ModelAccess } from './resolve-model.js'

export type ConfigParts = {
  readonly models: readonly ModelAccess[]
  readonly shellPath: string
  readonly pluginPath: string
  /** Whether ripgrep is there, without which OpenCode cannot list a skill's files. */
  readonly skills: boolean
  /** Milliseconds until a model that sends nothing is given up. */
  readonly silenceMs: number
}

const defaultLimits = { context: 200_000, output: 32_000 }

function providerOf(access: ModelAccess, models: readonly ModelAccess[], silenceMs: number) {
  const own = models.filter(({ provider }) => provider === access.provider)
  return {
    npm: access.npm,
    name: access.provider,
    options: {
      apiKey: access.apiKey,
      ...(access.baseUrl === null ? {} : { baseURL: access.baseUrl }),
      chunkTimeout: silenceMs,
      headerTimeout: silenceMs,
    },
    models: Object.fromEntries(
      own.map(({ model, price, limits }) => [
        model,
        {
          name: model,
          tool_call: true,
          limit: limits ?? defaultLimits,
          ...(price === undefined ? {} : { cost: price }),
        },
      ]),
    ),
  }
}

/** What an agent may use. The box is the boundary; this keeps what cannot work out of the model's sight. */
function permissions(skills: boolean) {
  const off = Object.fromEntries(
    ['webfetch', 'websearch', 'codesearch', 'question', 'task', 'todowrite', 'todoread', 'lsp'].map(
      (name) => [name, 'deny'],
    ),
  )
  // The last rule that matches wins, so the order here is the meaning.
  const skill = skills ? { '*': 'deny', 'plumb-function': 'allow' } : 'deny'
  return { '*': 'allow', ...off, skill }
}

/** OpenCode's whole configuration, for `OPENCODE_CONFIG_CONTENT`. */
export function openCodeConfig({ models, silenceMs, ...parts }: ConfigParts) {
  const names = [...new Set(models.map(({ provider }) => provider))]
  const [first] = models
  const model = first === undefined ? '' : `${first.provider}/${first.model}`
  return {
    shell: parts.shellPath,
    plugin: [`file://${parts.pluginPath}`],
    skills: { paths: ['.agents/skills'] },
    snapshot: false,
    share: 'disabled',
    autoupdate: false,
    lsp: false,
    formatter: false,
    model,
    small_model: model,
    enabled_providers: names,
    provider: Object.fromEntries(
      models.map((access) => [access.provider, providerOf(access, models, silenceMs)]),
    ),
    permission: permissions(parts.skills),
    // Above what the plumb tool answers at most, so that its JSON always arrives whole.
    tool_output: { max_lines: 5_000, max_bytes: 120_000 },
  }
}
