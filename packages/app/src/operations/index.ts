import { benchBuild } from './bench-build.js'
import { benchTempting } from './bench-tempting.js'
import { benchMisbehaviour } from './bench-misbehaviour.js'
import { benchToolchain } from './bench-toolchain.js'
import { benchVerify } from './bench-verify.js'
import { build } from './build.js'
import { check } from './check.js'
import { compile } from './compile.js'
import { completionOf } from './completion.js'
import { connectionsAdd } from './connections-add.js'
import { connectionsCheck } from './connections-check.js'
import { connectionsList } from './connections-list.js'
import { create } from './create.js'
import { demo } from './demo.js'
import { dev } from './dev.js'
import { docsSearch } from './docs-search.js'
import { docsShow } from './docs-show.js'
import { doctor } from './doctor.js'
import { draft } from './draft.js'
import { dryrun } from './dryrun.js'
import { generateTests } from './generate-tests.js'
import { init } from './init.js'
import type { Operation } from './operation.js'
import { providers } from './providers.js'
import { providersCheck } from './providers-check.js'
import { record } from './record.js'
import { runs } from './runs.js'
import { skillsReport } from './skills-report.js'
import { test } from './test.js'
import { trace } from './trace.js'
import { verify } from './verify.js'
import { waive } from './waive.js'

/** Everything Plumb can do, in the order of `plumb --help`. */
export const operations: readonly Operation[] = [
  init,
  doctor,
  demo,
  build,
  compile,
  dev,
  check,
  dryrun,
  record,
  create,
  test,
  verify,
  generateTests,
  runs,
  trace,
  waive,
  skillsReport,
  draft,
  docsSearch,
  docsShow,
  providers,
  providersCheck,
  connectionsAdd,
  connectionsList,
  connectionsCheck,
  benchBuild,
  benchTempting,
  benchMisbehaviour,
  benchToolchain,
  benchVerify,
  completionOf(() => operations),
]
