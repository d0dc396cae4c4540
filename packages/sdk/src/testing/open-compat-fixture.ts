import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CompatFixture } from './compat-fixture.js'
import { LegacyFixture } from './legacy-fixture.js'
import { UnifiedFixture } from './unified-fixture.js'

/** `tests/<name>.test.json` beside `dirname`, or else the `mocks/` folder. */
export function openCompatFixture(dirname: string, name: string): CompatFixture {
  const unified = resolve(dirname, `../tests/${name}.test.json`)
  if (existsSync(unified)) return new UnifiedFixture(unified)
  return new LegacyFixture(resolve(dirname, '../mocks'), name)
}
