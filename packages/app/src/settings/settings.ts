import { environmentSchema } from '@plumb/protocol'
import { z } from 'zod'

type SettingSchema = z.ZodType<string | number>

/** One thing that can be set, and everywhere it can be set. */
export type Setting<
  Schema extends SettingSchema = SettingSchema,
  Default extends z.output<Schema> | null = z.output<Schema> | null,
> = {
  /** Of the value, however it was given; a text becomes what the schema asks for. */
  readonly schema: Schema
  /** What holds when nothing is said; null for nothing at all. */
  readonly default: Default
  readonly variable: string
  /** Of `plumb serve`. */
  readonly flag?: string
  /** Whether `settings` of plumb.config.ts may say it: not what finds the data, and no secret. */
  readonly file: boolean
  readonly description: string
  /** Never printed. */
  readonly secret?: boolean
}

const setting = <Schema extends SettingSchema, Default extends z.output<Schema> | null>(
  one: Setting<Schema, Default>,
): Setting<Schema, Default> => one
const text = z.string().min(1)
const url = z.url({ protocol: /^https?$/ })
const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most)

/** Everything that can be set, once: flags, variables, the file, `plumb config` and docs/configuration.md come from it. */
export const settings = {
  home: setting({
    ...{ schema: text, default: '.plumb', variable: 'PLUMB_HOME', file: false },
    description: 'Folder of the embedded database, the keys and the workspaces.',
  }),
  databaseUrl: setting({
    ...{ schema: z.url({ protocol: /^postgres(ql)?$/ }), default: null, variable: 'DATABASE_URL' },
    ...{ file: false, secret: true },
    description: 'PostgreSQL to use instead of the embedded one.',
  }),
  environmentName: setting({
    ...{ schema: environmentSchema, default: 'dev', variable: 'PLUMB_ENVIRONMENT', file: false },
    description: 'Whose integrations and connections commands work with.',
  }),
  remoteUrl: setting({
    ...{ schema: url, default: null, variable: 'PLUMB_URL', file: false },
    description: 'Server that commands ask instead of the data folder.',
  }),
  secretKey: setting({
    ...{ schema: text, default: null, variable: 'PLUMB_SECRET_KEY', file: false, secret: true },
    description: 'Secret key that opens that server.',
  }),
  masterKeys: setting({
    ...{ schema: text, default: null, variable: 'PLUMB_MASTER_KEYS', file: false, secret: true },
    description:
      'Master keys of stored secrets, 64 hex digits each, separated by commas, the active one first; default: those of the keys folder.',
  }),
  host: setting({
    ...{ schema: text, default: '127.0.0.1', variable: 'PLUMB_HOST', flag: '--host', file: true },
    description: 'Address to listen on; 0.0.0.0 for every one.',
  }),
  port: setting({
    ...{ schema: count(0, 65_535), default: 3003, variable: 'PLUMB_PORT', flag: '--port' },
    ...{ file: true, description: 'Port to listen on; 0 for any that is free.' },
  }),
  publicUrl: setting({
    ...{ schema: url, default: null, variable: 'PLUMB_PUBLIC_URL', flag: '--public-url' },
    ...{ file: true },
    description:
      'Address by which browsers and providers reach the server; default: what it listens on.',
  }),
  runnerPoolSize: setting({
    ...{ schema: count(1, 64), default: 4, variable: 'PLUMB_RUNNER_POOL_SIZE', file: true },
    description: 'Functions that one server runs at once, each in a process of its own.',
  }),
  runnerIdleSeconds: setting({
    ...{ schema: count(1, 86_400), default: 300, variable: 'PLUMB_RUNNER_IDLE_SECONDS' },
    ...{
      file: true,
      description: 'Seconds after which such a process ends that has nothing to do.',
    },
  }),
  actionsAtOnce: setting({
    ...{ schema: count(1, 1000), default: 8, variable: 'PLUMB_ACTIONS_AT_ONCE', file: true },
    description: 'Actions for which nobody waits that one server has under way.',
  }),
  actionsPerConnection: setting({
    ...{ schema: count(1, 1000), default: 4, variable: 'PLUMB_ACTIONS_PER_CONNECTION', file: true },
    description: 'The same of one connection, over all servers.',
  }),
  syncsAtOnce: setting({
    ...{ schema: count(1, 1000), default: 8, variable: 'PLUMB_SYNCS_AT_ONCE', file: true },
    description: 'Syncs that one server has under way.',
  }),
  syncsPerEnvironment: setting({
    ...{ schema: count(1, 10_000), default: 64, variable: 'PLUMB_SYNCS_PER_ENVIRONMENT' },
    ...{ file: true, description: 'The same of one environment, over all servers.' },
  }),
  callsAtOnce: setting({
    ...{ schema: count(1, 1000), default: 32, variable: 'PLUMB_CALLS_AT_ONCE', file: true },
    description: 'Calls to the provider that one server has under way for one connection.',
  }),
  rateLimitWaitSeconds: setting({
    ...{ schema: count(0, 3600), default: 30, variable: 'PLUMB_RATE_LIMIT_WAIT_SECONDS' },
    ...{ file: true },
    description:
      'Seconds that a call is held back at most for a rate limit; then it is made, and the function gets the answer of the provider.',
  }),
  actionDeadlineSeconds: setting({
    ...{
      schema: count(1, 600),
      default: 120,
      variable: 'PLUMB_ACTION_DEADLINE_SECONDS',
      file: true,
    },
    description: 'Seconds that an action may take whose caller waits.',
  }),
  actionOutputBytes: setting({
    ...{ schema: count(1000, 15_000_000), default: 2 * 1024 * 1024 },
    ...{ variable: 'PLUMB_ACTION_OUTPUT_BYTES', file: true },
    description: 'Bytes that an action may return, as JSON.',
  }),
  syncSliceSeconds: setting({
    ...{ schema: count(1, 3600), default: 120, variable: 'PLUMB_SYNC_SLICE_SECONDS', file: true },
    description:
      'Seconds after which a sync pauses at its next checkpoint, so that others get their turn.',
  }),
  logRetentionDays: setting({
    ...{ schema: count(1, 3650), default: 15, variable: 'PLUMB_LOG_RETENTION_DAYS', file: true },
    description: 'Days that logs are kept.',
  }),
  deletedRecordDays: setting({
    ...{ schema: count(1, 3650), default: 30, variable: 'PLUMB_DELETED_RECORD_DAYS', file: true },
    description: 'Days that the payload of a deleted record is kept.',
  }),
} as const

export type SettingName = keyof typeof settings

type Value<Name extends SettingName> =
  z.output<(typeof settings)[Name]['schema']> | Extract<(typeof settings)[Name]['default'], null>

/** A value for each setting. */
export type Settings = { readonly [Name in SettingName]: Value<Name> }
