import { PlumbError } from '@plumb/protocol'
import { readConnections } from '@plumb/runtime'
import { z } from 'zod'
import { completionScript, shells, valueKinds } from '../cli/completion-script.js'
import { withWorkbench } from '../workbench.js'
import { defineOperation } from './operation.js'
import type { Operation, OperationContext } from './operation.js'

/** `plumb completion`: what a shell needs to complete `plumb`. `all` gives every operation there is. */
export function completionOf(all: () => Promise<readonly Operation[]>): Operation {
  return defineOperation({
    name: 'completion',
    summary: 'Print the completion script of a shell',
    input: z.object({
      shell: z.enum(shells).optional().describe('bash, zsh or fish'),
      values: z.enum(valueKinds).optional().describe('list values that a script asks for'),
    }),
    positionals: ['shell'],
    examples: [
      'plumb completion bash > /etc/bash_completion.d/plumb',
      'plumb completion zsh > "${fpath[1]}/_plumb"',
      'plumb completion fish > ~/.config/fish/completions/plumb.fish',
      'plumb completion --values connections',
    ],
    run: async ({ shell, values }, context) => {
      if (values !== undefined) return (await listed(values, context)).join('\n')
      if (shell !== undefined) return completionScript(shell, await all())
      throw new PlumbError({
        code: 'usage',
        message: 'Which shell?',
        remedy: 'Call `plumb completion bash`, `zsh` or `fish`.',
      })
    },
    text: (text) => text,
  })
}

async function listed(
  values: (typeof valueKinds)[number],
  context: OperationContext,
): Promise<string[]> {
  if (values === 'functions') {
    const { openProject } = await import('@plumb/toolchain')
    const { functions } = await openProject(context.config.directory)
    return functions.map(({ integration, name }) => `${integration}/${name}`)
  }
  return withWorkbench(context, async (workbench) => {
    const connections = await readConnections(workbench)
    const field = values === 'connections' ? 'connectionId' : 'integrationKey'
    return [...new Set(connections.map((connection) => connection[field]))]
  })
}
