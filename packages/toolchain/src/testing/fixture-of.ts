import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ProjectFunction } from '../project/project-function.js'

/** Path of a function's fixture: `tests/<name>.test.json`, or the older `mocks/<name>`. Undefined when it has none. */
export function fixtureOf({
  file,
  name,
}: Pick<ProjectFunction, 'file' | 'name'>): string | undefined {
  const integration = dirname(dirname(file))
  const candidates = [
    join(integration, 'tests', `${name}.test.json`),
    join(integration, 'mocks', name),
  ]
  return candidates.find((path) => existsSync(path))
}
