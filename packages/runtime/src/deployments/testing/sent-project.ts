import { createHash } from 'node:crypto'
import type { FunctionKind } from '@plumb/protocol'
import type { SentManifest } from '../deployment-order.js'
import type { SentBundle } from '../store-bundles.js'

/** A function of a project, by the text of its bundle. */
export type ProjectText = {
  readonly integration?: string
  readonly kind?: FunctionKind
  readonly name: string
  readonly code: string
  readonly linkedAs?: readonly string[]
}

/** What a compiler would send for these functions. */
export function sentProject(functions: readonly ProjectText[]): {
  manifest: SentManifest
  bundles: readonly SentBundle[]
} {
  const file = (name: string) => `acme/${name}.ts`
  return {
    manifest: {
      version: 1,
      functions: functions.map(
        ({ integration = 'acme', kind = 'action', name, code, ...more }) => ({
          ...{ integration, kind, name, file: file(name), linkedAs: [...(more.linkedAs ?? [])] },
          ...{ sourceHash: 'a'.repeat(64), bundleHash: sha256(code) },
        }),
      ),
    },
    bundles: functions.map(({ name, code }) => ({ file: file(name), code })),
  }
}

/** SHA-256 in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** An action as a compiler emits it; members are zod expressions. */
export function actionText(members: { input?: string; output?: string; scopes?: string[] } = {}) {
  const { input = 'z.unknown()', output = 'z.unknown()', scopes = [] } = members
  return `const { createAction } = require('nango'); const z = require('zod')
module.exports.default = createAction({ description: 'd', scopes: ${JSON.stringify(scopes)},
  input: ${input}, output: ${output}, exec: async () => 1 })`
}

/** A sync as a compiler emits it; `models` is an expression. */
export function syncText(models: string, frequency = 'every hour'): string {
  return `const { createSync } = require('nango'); const z = require('zod')
module.exports.default = createSync({ description: 'd', frequency: '${frequency}',
  models: ${models}, exec: async () => undefined })`
}
