import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { expect, test } from 'vitest'
import { positionalsOf } from '../cli/operation-options.js'
import { createProgram } from '../cli/program.js'
import { loadOperations } from './index.js'
import { listedCommands } from './listed-commands.js'

const operations = await loadOperations()

test('the table of commands is what the operations say', async () => {
  const file = fileURLToPath(new URL('./command-table.ts', import.meta.url))
  const table = operations.map((operation) => {
    const usage = `${operation.name} ${positionalsOf(operation)}`.trimEnd()
    return [usage, operation.summary]
  })
  const text = `// Made from the operations; \`npx vitest run packages/app/src/operations/command-table.test.ts -u\` writes it anew.
/** Every command as it is called, and what it is for. */
export const commandTable: Readonly<Record<string, string>> = ${JSON.stringify(Object.fromEntries(table))}`
  const options = await resolveConfig(file)
  await expect(await format(text, { ...options, parser: 'typescript' })).toMatchFileSnapshot(file)
})

test('help lists what is not loaded as it lists what is', () => {
  const helpOf = (listed: Parameters<typeof createProgram>[0]) => {
    const program = createProgram(listed, '1.0.0', async () => undefined)
    return [program, ...program.commands].map((command) => command.helpInformation())
  }
  const [loaded = '', ...groups] = helpOf(operations)
  const [listed = '', ...listedGroups] = helpOf(listedCommands)
  expect(listed).toBe(loaded)
  const isGroup = (help: string) => /^Commands:$/m.test(help) && !/--json/.test(help)
  const ofGroups = groups.filter(isGroup)
  expect(ofGroups.length).toBeGreaterThan(5)
  expect(listedGroups.filter(isGroup)).toEqual(ofGroups)
})

test('what is only listed is not called', async () => {
  const program = createProgram(listedCommands, '1.0.0', async () => undefined)
  await expect(program.parseAsync(['config'], { from: 'user' })).rejects.toThrow('was not loaded')
})
