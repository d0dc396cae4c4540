import { fileURLToPath } from 'node:url'
import { briefJsonSchema } from '@plumb/protocol'
import { format, resolveConfig } from 'prettier'
import { expect, test } from 'vitest'

const file = fileURLToPath(new URL('../../../../docs/brief.schema.json', import.meta.url))

test('docs/brief.schema.json is the schema of the code (vitest -u writes it)', async () => {
  const options = await resolveConfig(file)
  const text = await format(JSON.stringify(briefJsonSchema()), { ...options, filepath: file })
  await expect(text).toMatchFileSnapshot(file)
})
