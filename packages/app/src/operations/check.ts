import { resolve } from 'node:path'
import type { Finding } from '@plumb/protocol'
import { z } from 'zod'
import type { FunctionCheck, ProjectCheck } from '../check/check-project.js'
import { plain } from '../cli/terminal.js'
import { defineOperation } from './operation.js'

/** `plumb check`: everything that can be said about functions without an account. */
export const check = defineOperation({
  name: 'check',
  summary: 'Check functions without an account: types, bans, replays and dishonest results',
  input: z.object({
    directory: z.string().default('.').describe('project, integration folder or file'),
  }),
  positionals: ['directory'],
  examples: ['plumb check', 'plumb check hubspot --json'],
  run: async ({ directory }, context): Promise<ProjectCheck> => {
    const { checkProject } = await import('../check/check-project.js')
    return checkProject(resolve(context.config.directory, directory), context)
  },
  text: (result) => plain(renderCheck(result)),
  exits: { 0: 'nothing is refused', 1: 'a function is refused' },
  exitCode: ({ ok }) => (ok ? 0 : 1),
})

function renderCheck({ functions, elsewhere }: ProjectCheck): string {
  const refused = functions.filter(({ ok }) => !ok).length
  const blocks = functions.map(renderFunction)
  const other = elsewhere.length === 0 ? [] : [`other files\n${elsewhere.map(line).join('\n')}`]
  const verdict = `${functions.length - refused} of ${functions.length} functions pass.`
  return [...blocks, ...other, verdict].join('\n\n')
}

function renderFunction({ id, ok, fixtures, findings, notRun }: FunctionCheck): string {
  return [
    `${ok ? 'ok  ' : 'FAIL'}  ${id} (${fixtures} ${fixtures === 1 ? 'fixture' : 'fixtures'})`,
    ...findings.map(line),
    ...notRun.map(({ check: name, why }) => `      not run: ${name}: ${why}`),
  ].join('\n')
}

function line({ severity, behaviour, message, remedy }: Finding): string {
  const advice = remedy === null ? '' : `\n        ${remedy}`
  return `      ${severity} ${behaviour}: ${message}${advice}`
}
