import { resolve } from 'node:path'
import { environmentSchema } from '@plumb/protocol'
import type { Diagnostic } from '@plumb/toolchain/compile'
import { z } from 'zod'
import { openTarget } from '../contract-commands/open-target.js'
import { remoteFlag } from '../contract-commands/remote-flag.js'
import { deployProject } from '../deploy/deploy-project.js'
import type { Deployed } from '../deploy/deploy-project.js'
import { readCompiled } from '../deploy/read-compiled.js'
import { countChanges, renderChanges } from '../deploy/render-changes.js'
import { defineOperation } from './operation.js'
import { renderDiagnostics } from './render-diagnostics.js'

type Output = { readonly environment: string } & (
  Deployed | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] }
)

/** `plumb deploy`: compiles a project and makes its functions what runs in an environment. */
export const deploy = defineOperation({
  name: 'deploy',
  summary: 'Compile a project and run its functions in an environment',
  input: z.object({
    environment: environmentSchema.describe('where to, such as dev or prod'),
    directory: z.string().default('.').describe('project to deploy'),
    integration: z.string().optional().describe('deploy the functions of this integration alone'),
    remote: remoteFlag,
    message: z.string().max(1000).optional().describe('why, for the list of deployments'),
    dryRun: z.boolean().default(false).describe('show what would change, and change nothing'),
    yes: z.boolean().default(false).describe('do not ask, unless something is taken away'),
    allowDestructive: z
      .boolean()
      .default(false)
      .describe('do not ask, also when functions, models or fields are taken away'),
  }),
  positionals: ['environment', 'directory'],
  examples: [
    'plumb deploy dev',
    'plumb deploy prod --dry-run',
    'plumb deploy prod --integration hubspot --yes --remote https://plumb.example.com',
  ],
  run: async (given, context): Promise<Output> => {
    const { environment, integration, remote, ...wish } = given
    const config = { ...context.config, environmentName: environment }
    const directory = resolve(config.directory, given.directory)
    const project = await readCompiled(
      { directory, ...(integration !== undefined && { integration }) },
      context,
    )
    if (project.kind === 'failed') return { environment, ...project }
    const target = await openTarget(remote, { ...context, config })
    try {
      const { ask, progress } = context
      const deployed = await deployProject(target, project, {
        ...{ ...wish, environment, integration, ask, progress },
      })
      return { environment, ...deployed }
    } finally {
      await target.close()
    }
  },
  text: (output) => linesOf(output).join('\n'),
  exitCode: ({ kind }) => (kind === 'failed' || kind === 'declined' ? 1 : 0),
  exits: {
    '0': 'deployed, nothing to change, or shown',
    '1': 'a function does not compile, or the deployment was declined or refused',
  },
})

function linesOf(output: Output): string[] {
  const { environment } = output
  switch (output.kind) {
    case 'failed':
      return [
        ...renderDiagnostics(output.diagnostics),
        `Nothing was deployed to ${environment}: functions do not compile.`,
      ]
    case 'declined':
      return [`Nothing was deployed to ${environment}.`]
    case 'unchanged':
      return [
        ...renderChanges(output),
        `${environment} runs this already: ${output.deployment.id} (number ${output.deployment.number}).`,
      ]
    case 'previewed':
      return [
        ...renderChanges(output),
        `Of ${environment} (${output.base ?? 'nothing'} is live): ${countChanges(output.changes)}. Nothing was deployed.`,
      ]
    case 'deployed':
      return [
        ...renderChanges(output),
        `${environment} runs ${output.deployment.id} (number ${output.deployment.number}): ${countChanges(output.changes)}.`,
        `Back: plumb rollback ${environment}`,
      ]
  }
}
