import { action, call, sync } from '../case-sources.js'
import type { RuleCases } from '../case-sources.js'
import { named, walk } from './project-case-sources.js'

/** For each rule: functions it objects to, and near misses that it lets pass. */
export const definitionCases: RuleCases = {
  'default-export': {
    hits: [
      named(action(call)),
      'export default { exec: async () => {} }',
      `${named(action(call))}\nexport default fn.exec`,
      "import { createSync } from 'nango'\nconst a = createSync({})\nexport default 1",
    ],
    passes: [
      `${named(action(call))}\nexport default fn`,
      `${named(action(call))}\nexport { fn as default }`,
      action(call),
      "import { fn } from './fn.js'\nexport default fn",
      "import { made } from './made.js'\nexport default made({ exec: async () => {} })",
    ],
  },
  'one-definition': {
    hits: [`${action(call)}\nexport const other = createAction({ exec: async () => {} })`],
    passes: [`${action(call)}\nexport type createSync = string`],
  },
  'no-named-exports': {
    hits: [
      `export const size = 1\n${action(call)}`,
      `export function f() {}\n${action(call)}`,
      `export class A {}\n${action(call)}`,
      `${named(action(call))}\nconst a = 1\nexport { fn as default, a }`,
      `export * from './models.js'\n${action(call)}`,
    ],
    passes: [
      `${named(action(call))}\nexport type NangoActionLocal = Parameters<(typeof fn)['exec']>[0]\nexport default fn`,
      `export interface A { id: string }\n${action(call)}`,
      `export type { A } from './models.js'\n${action(call)}`,
      `type A = string\n${action(call)}\nexport { A }`,
      'export const toContact = (a: unknown) => a',
    ],
  },
  'exec-present': {
    hits: [
      "import { createAction } from 'nango'\nexport default createAction({ description: 'x' })",
    ],
    passes: [
      action(call),
      "import { createAction } from 'nango'\nexport default createAction({ async exec(nango) {} })",
      "import { createAction } from 'nango'\nimport { base } from './base.js'\nexport default createAction({ ...base })",
      "import { createAction } from 'nango'\nasync function exec() {}\nexport default createAction({ exec })",
    ],
  },
  'frequency-valid': {
    hits: [
      sync(walk).replace('every hour', 'hourly'),
      sync(walk).replace('every hour', 'every 5s'),
      `const often = 'every now and then'\n${sync(walk).replace("'every hour'", 'often')}`,
    ],
    passes: [
      sync(walk).replace('every hour', 'every half hour'),
      sync(walk).replace('every hour', 'every 5m'),
      sync(walk).replace("'every hour'", 'often()'),
    ],
  },
  'no-other-imports': {
    hits: [
      `import { readFileSync } from 'node:fs'\n${action('readFileSync(input.id)')}`,
      `import 'side-effect'\n${action(call)}`,
      `import * as path from 'path'\n${action('path.join(input.id)')}`,
      `import http = require('http')\n${action('http.get()')}`,
      `export { a } from 'axios'\n${action(call)}`,
    ],
    passes: [
      `import type { AxiosResponse } from 'axios'\n${action(call)}`,
      `import { AxiosResponse } from 'axios'\n${action('const r: AxiosResponse = 1')}`,
      `import { type A } from 'axios'\n${action(call)}`,
      `import { createHash } from 'node:crypto'\n${action('createHash()')}`,
      `import * as z4 from 'zod/v4'\n${action('z4.string()')}`,
      `import { soap } from 'allowed-one/deep'\n${action('soap()')}`,
      `import { toX } from './x.js'\n${action('toX()')}`,
    ],
  },
  'no-run-time-import': {
    hits: [
      action("const fs = require('fs')"),
      action("await import('./x.js')"),
      action('await import(input.id)'),
    ],
    passes: [action("const require = (a: string) => a; require('fs')"), action("ctx.require('x')")],
  },
}
