import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

test('the client asks for nothing that only Node.js has', async () => {
  const built = await build({
    entryPoints: [fileURLToPath(new URL('./index.ts', import.meta.url))],
    ...{ bundle: true, write: false, platform: 'browser', format: 'esm', conditions: ['source'] },
    logLevel: 'silent',
  })
  expect(built.errors).toEqual([])
  expect(built.outputFiles[0]?.text).not.toMatch(/from\s*["']node:/)
})
