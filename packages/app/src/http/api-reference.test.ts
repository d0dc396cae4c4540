import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { expect, test } from 'vitest'
import { apiReference } from './api-reference.js'

test('docs/api.md is what the contracts say', async () => {
  const page = fileURLToPath(new URL('../../../../docs/api.md', import.meta.url))
  const options = await resolveConfig(page)
  const text = await format(apiReference(), { ...options, parser: 'markdown' })
  await expect(text).toMatchFileSnapshot(page)
})
