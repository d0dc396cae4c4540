import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { config } from '../operations/config.js'
import type { OperationContext } from '../operations/operation.js'
import { readSettings } from './read-settings.js'
import { settingsReference } from './settings-reference.js'

describe('settings', () => {
  it('come from a flag, else a variable, else the file, else the table', () => {
    const file = { port: 1, logRetentionDays: 30, host: '0.0.0.0' }
    const environment = { PLUMB_PORT: '2', PLUMB_HOST: '', PLUMB_RUNNER_POOL_SIZE: '8' }
    const { values, sources } = readSettings({ environment, file, flags: { port: 3 } })
    expect(values).toMatchObject({ port: 3, host: '0.0.0.0', logRetentionDays: 30 })
    expect(values).toMatchObject({ runnerPoolSize: 8, environmentName: 'dev', databaseUrl: null })
    expect(sources).toMatchObject({ port: 'flag', host: 'file', runnerPoolSize: 'environment' })
    expect(sources.home).toBe('default')
  })

  it.each([
    [{ environment: { PLUMB_PORT: 'http' } }, /^PLUMB_PORT is "http"/],
    [{ environment: { PLUMB_PORT: '70000' } }, /^PLUMB_PORT is "70000"/],
    [{ environment: {}, file: { port: {} } }, /^settings\.port in plumb\.config\.ts is \{\}/],
    [{ environment: {}, file: { prot: 1 } }, /settings\.prot in plumb\.config\.ts is no setting/],
    [
      { environment: {}, file: { secretKey: 'x' } },
      /settings\.secretKey .* not read from the file/,
    ],
  ])('that cannot be used are refused with their place (%#)', (given, message) => {
    expect(() => readSettings(given)).toThrow(
      expect.objectContaining({ code: 'config-invalid', message: expect.stringMatching(message) }),
    )
  })

  it('that a flag gets wrong are wrong usage', () => {
    expect(() => readSettings({ environment: {}, flags: { publicUrl: 'ftp://x' } })).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: expect.stringMatching(/^--public-url is "ftp:\/\/x"/),
      }),
    )
  })

  it('that are secret are never shown, also when they are wrong', async () => {
    const environment = { DATABASE_URL: 'mysql://user:hunter2@db', PLUMB_SECRET_KEY: 'sk_hunter2' }
    expect(() => readSettings({ environment })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    )
    const context = {
      config: { environment: { PLUMB_SECRET_KEY: 'sk_hunter2' }, directory: '/nowhere' },
    } as unknown as OperationContext
    const output = await config.run({}, context)
    const text = await config.text(output, { columns: 100, color: false })
    expect(JSON.stringify(output) + text).not.toContain('hunter2')
    expect(text).toMatch(/secretKey +\*{8} +environment +PLUMB_SECRET_KEY/)
  })
})

it('docs/configuration.md is what the table says', async () => {
  const page = fileURLToPath(new URL('../../../../docs/configuration.md', import.meta.url))
  const options = await resolveConfig(page)
  const text = await format(settingsReference(), { ...options, parser: 'markdown' })
  await expect(text).toMatchFileSnapshot(page)
})
