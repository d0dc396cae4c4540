import { PlumbError } from '@plumb/protocol'
import { settings } from './settings.js'
import type { Setting, SettingName, Settings } from './settings.js'

export type SettingSource = 'flag' | 'environment' | 'file' | 'default'

export type ReadSettings = {
  readonly values: Settings
  readonly sources: Readonly<Record<SettingName, SettingSource>>
}

export type Given = {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** `settings` of plumb.config.ts. */
  readonly file?: Readonly<Record<string, unknown>>
  /** By name; undefined where no flag was given. */
  readonly flags?: Partial<Readonly<Record<SettingName, unknown>>>
}

/** The value of each setting: a flag wins over a variable (an empty one counts as not set), that over the file. Throws PlumbErrors `config-invalid` and, for a flag, `usage`. */
export function readSettings({ environment, file = {}, flags = {} }: Given): ReadSettings {
  refuseUnknown(file)
  const read = Object.entries(settings).map(([key, one]: [string, Setting]) => {
    const name = key as SettingName
    const candidates = [
      { source: 'flag', value: flags[name], place: one.flag ?? '' },
      { source: 'environment', value: environment[one.variable] || undefined, place: one.variable },
      { source: 'file', value: file[name], place: `settings.${name} in plumb.config.ts` },
    ] as const
    const found = candidates.find(({ value }) => value !== undefined)
    if (found === undefined) return { name, value: one.default, source: 'default' as const }
    return { name, value: valueOf(one, found), source: found.source }
  })
  return {
    values: Object.fromEntries(read.map(({ name, value }) => [name, value])) as Settings,
    sources: Object.fromEntries(
      read.map(({ name, source }) => [name, source]),
    ) as ReadSettings['sources'],
  }
}

/** What holds when nothing is said. */
export const defaultSettings: Settings = readSettings({ environment: {} }).values

type Found = { readonly source: SettingSource; readonly place: string; readonly value: unknown }

function valueOf(one: Setting, { source, place, value }: Found): unknown {
  const parsed = one.schema.safeParse(value)
  if (parsed.success) return parsed.data
  const shown = one.secret === true ? 'a secret that' : `${JSON.stringify(value)}, which`
  const reason = parsed.error.issues.map(({ message }) => message).join('; ')
  throw new PlumbError({
    code: source === 'flag' ? 'usage' : 'config-invalid',
    message: `${place} is ${shown} cannot be used: ${reason}.`,
    remedy: `${one.description} Correct it, or remove it for the default (${String(one.default ?? 'none')}).`,
  })
}

function refuseUnknown(file: Readonly<Record<string, unknown>>): void {
  const allowed = Object.entries(settings)
    .filter(([, one]) => one.file)
    .map(([name]) => name)
  const unknown = Object.keys(file).find((name) => !allowed.includes(name))
  if (unknown === undefined) return
  const known: Setting | undefined = Object.hasOwn(settings, unknown)
    ? settings[unknown as SettingName]
    : undefined
  throw new PlumbError({
    code: 'config-invalid',
    message: `settings.${unknown} in plumb.config.ts is ${known ? 'not read from the file' : 'no setting'}.`,
    remedy: known ? `Set ${known.variable} instead.` : `Use one of ${allowed.join(', ')}.`,
  })
}
