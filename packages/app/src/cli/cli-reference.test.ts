import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { expect, test } from 'vitest'
import { loadOperations } from '../operations/index.js'
import { cliReference } from './cli-reference.js'

const operations = await loadOperations()

test('docs/cli.md is what the operations say', async () => {
  const page = fileURLToPath(new URL('../../../../docs/cli.md', import.meta.url))
  const options = await resolveConfig(page)
  const text = await format(cliReference(operations), { ...options, parser: 'markdown' })
  await expect(text).toMatchFileSnapshot(page)
})
