/** The files at the root of a generated project that are the same in every one. */
export const projectFiles: Readonly<Record<string, string>> = {
  'package.json': json({
    name: 'generated-project',
    version: '1.0.0',
    private: true,
    type: 'module',
    devDependencies: { nango: '*', zod: '*' },
  }),
  'tsconfig.json': json({
    include: ['index.ts', '**/*.ts'],
    exclude: ['node_modules', 'dist', '.plumb', '.nango'],
    compilerOptions: {
      module: 'node16',
      moduleResolution: 'node16',
      target: 'esnext',
      strict: true,
      esModuleInterop: true,
      skipLibCheck: true,
      exactOptionalPropertyTypes: true,
      noImplicitReturns: true,
      noPropertyAccessFromIndexSignature: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      noEmit: true,
    },
  }),
  'vitest.config.ts': `import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['**/tests/*.test.ts'], setupFiles: ['./vitest.setup.ts'] },
})
`,
  // The rival's mock pages only for providers of its own catalog: this one is in it and says nothing.
  'vitest.setup.ts': `import { NangoActionMock, NangoSyncMock } from 'nango/test'
import { vi } from 'vitest'

type Options = ConstructorParameters<typeof NangoSyncMock>[0]

class FreshSyncMock extends NangoSyncMock {
  constructor(options: Options) {
    super(options)
    this.providerConfigKey = 'unauthenticated'
    this.getCheckpoint = vi.fn(async () => undefined)
    this.saveCheckpoint = vi.fn(async () => undefined)
    this.clearCheckpoint = vi.fn(async () => undefined)
  }
}

globalThis.vitest = { NangoActionMock, NangoSyncMock: FreshSyncMock }
`,
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
