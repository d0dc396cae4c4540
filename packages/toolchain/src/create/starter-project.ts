import { strictFlags } from '../types/project-flags.js'

export type StarterProject = {
  readonly name: string
  /** Integration folder of the first function. */
  readonly integration: string
  /** A cheap read of the API, where the catalog knows one. */
  readonly checkEndpoint: string
  /** Version of Plumb's packages. */
  readonly version: string
}

/** The files of a project of functions, by path: they compile as they are, in an editor and here. */
export function starterProject(starter: StarterProject): Record<string, string> {
  return {
    'package.json': json(manifestOf(starter)),
    'tsconfig.json': json(tsconfig),
    'plumb.config.ts': config,
    'AGENTS.md': agentsGuide(starter),
    [`${starter.integration}/actions/check-account.ts`]: firstFunction(starter.checkEndpoint),
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function manifestOf({ name, version }: StarterProject): object {
  return {
    name:
      name
        .toLowerCase()
        .replace(/[^a-z0-9.-]+/g, '-')
        .replace(/^[.-]+/, '') || 'integrations',
    private: true,
    type: 'module',
    scripts: { check: 'plumb check', compile: 'plumb compile', test: 'plumb test' },
    dependencies: { '@plumb/sdk': `^${version}`, zod: '^4.1.0' },
    devDependencies: { '@plumb/app': `^${version}`, '@types/node': '^20.19.0' },
  }
}

const tsconfig = {
  compilerOptions: {
    ...strictFlags,
    types: ['node'],
    paths: {
      nango: ['./node_modules/@plumb/sdk/dist/nango.d.ts'],
      'nango/test': ['./node_modules/@plumb/sdk/dist/testing/index.d.ts'],
    },
  },
  include: ['**/*.ts'],
  exclude: ['node_modules', '.plumb'],
}

const config = `import { defineConfig } from '@plumb/sdk/config'

export default defineConfig({
  allowedPackages: [],
})
`

function firstFunction(endpoint: string): string {
  return `import { createAction } from '@plumb/sdk'
import * as z from 'zod'

export default createAction({
  description: 'Asks the API whether the account may be used',
  version: '1.0.0',
  input: z.object({}),
  output: z.object({ status: z.number() }),
  exec: async (ctx) => {
    const response = await ctx.get({ endpoint: ${JSON.stringify(endpoint)} })
    return { status: response.status }
  },
})
`
}

function agentsGuide({ integration }: StarterProject): string {
  return `# Working on these integrations

A function is one file: \`<integration>/{actions,syncs,on-events}/<name>.ts\`, with one default export of \`createAction\`,
\`createSync\` or \`createOnEvent\` from \`@plumb/sdk\`. Its fixtures are \`<integration>/tests/<name>.test.json\` and
\`<name>.<case>.test.json\`.

| step                               | command                                                                |
| ---------------------------------- | ---------------------------------------------------------------------- |
| Find an operation of the API       | \`plumb docs search ${integration} <words>\`                               |
| Start a function                   | \`plumb create ${integration} action <name> --operation <id>\`             |
| Try it; writes are stopped         | \`plumb dryrun <name> --connection <id> --input '{...}'\`                |
| Keep what happened as a fixture    | \`plumb record <name> --connection <id> --input '{...}'\`                |
| Types, bans, replays               | \`plumb check\`                                                          |
| Run the tests                      | \`plumb test\`                                                           |

- Every command takes \`--json\` and exits with 0 only when the answer is yes.
- Read answers through a zod schema; let errors through. A status that is a normal answer is \`expectedStatus: [404]\`.
- Never write values into a function that an account answered, and never edit a fixture: record it again.
- Credentials are added outside the function. \`--allow-writes\` changes a real account: only with a test account.
`
}
