import { z } from 'zod'
import { readSettings } from '../settings/read-settings.js'
import type { SettingSource } from '../settings/read-settings.js'
import { settings } from '../settings/settings.js'
import type { Setting, SettingName } from '../settings/settings.js'
import { defineOperation } from './operation.js'
import { renderTable } from './render-table.js'

type Shown = {
  readonly name: string
  /** Masked when it is a secret. */
  readonly value: unknown
  readonly source: SettingSource
  readonly variable: string
}

/** `plumb config`: what is set, and where. */
export const config = defineOperation({
  name: 'config',
  summary: 'Show each setting and where its value comes from',
  input: z.object({}),
  examples: ['plumb config', 'plumb config --json'],
  run: async (_, context): Promise<readonly Shown[]> => {
    const { readFileSettings } = await import('../settings/read-file-settings.js')
    const { environment, directory } = context.config
    const { values, sources } = readSettings({
      environment,
      file: await readFileSettings(directory),
    })
    return Object.entries(settings).map(([key, one]: [string, Setting]) => {
      const name = key as SettingName
      const value: string | number | null =
        one.secret === true && values[name] !== null ? '********' : values[name]
      return { name, value, source: sources[name], variable: one.variable }
    })
  },
  text: (shown) =>
    renderTable(
      ['setting', 'value', 'from', 'variable'],
      shown.map(({ name, value, source, variable }) => [
        ...[name, textOf(value), source, variable],
      ]),
    ),
})

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === null ? 'none' : JSON.stringify(value)
}
