import { commandContracts } from '../contract-commands/index.js'
import type { Operation } from './operation.js'

type Load = () => Promise<Operation>

/** Everything Plumb can do, in the order of `plumb --help`. A command loads what it is made of, and nothing else. */
const written: Readonly<Record<string, Load>> = {
  init: async () => (await import('./init.js')).init,
  doctor: async () => (await import('./doctor.js')).doctor,
  demo: async () => (await import('./demo.js')).demo,
  serve: async () => (await import('./serve.js')).serve,
  config: async () => (await import('./config.js')).config,
  openapi: async () => (await import('./openapi.js')).openapi,
  build: async () => (await import('./build.js')).build,
  compile: async () => (await import('./compile.js')).compile,
  deploy: async () => (await import('./deploy.js')).deploy,
  rollback: async () => (await import('./rollback.js')).rollback,
  dev: async () => (await import('./dev.js')).dev,
  check: async () => (await import('./check.js')).check,
  dryrun: async () => (await import('./dryrun.js')).dryrun,
  record: async () => (await import('./record.js')).record,
  create: async () => (await import('./create.js')).create,
  test: async () => (await import('./test.js')).test,
  verify: async () => (await import('./verify.js')).verify,
  'generate tests': async () => (await import('./generate-tests.js')).generateTests,
  runs: async () => (await import('./runs.js')).runs,
  trace: async () => (await import('./trace.js')).trace,
  waive: async () => (await import('./waive.js')).waive,
  'skills report': async () => (await import('./skills-report.js')).skillsReport,
  draft: async () => (await import('./draft.js')).draft,
  'docs search': async () => (await import('./docs-search.js')).docsSearch,
  'docs show': async () => (await import('./docs-show.js')).docsShow,
  providers: async () => (await import('./providers.js')).providers,
  'providers check': async () => (await import('./providers-check.js')).providersCheck,
  'providers import': async () => (await import('./providers-import.js')).providersImport,
  'connections add': async () => (await import('./connections-add.js')).connectionsAdd,
  'connections list': async () => (await import('./connections-list.js')).connectionsList,
  'connections check': async () => (await import('./connections-check.js')).connectionsCheck,
  'keys rotate': async () => (await import('./keys-rotate.js')).keysRotate,
  'variables set': async () => (await import('./variables-set.js')).variablesSet,
  'bench build': async () => (await import('./bench-build.js')).benchBuild,
  'bench tempting': async () => (await import('./bench-tempting.js')).benchTempting,
  'bench misbehaviour': async () => (await import('./bench-misbehaviour.js')).benchMisbehaviour,
  'bench toolchain': async () => (await import('./bench-toolchain.js')).benchToolchain,
  'bench verify': async () => (await import('./bench-verify.js')).benchVerify,
  'bench runtime': async () => (await import('./bench-runtime.js')).benchRuntime,
  completion: async () => (await import('./completion.js')).completionOf(() => loadOperations()),
}

/** The commands that are derived: one for each contract that has none of its own. */
const derived = [...commandContracts()]
  .filter(([name]) => !(name in written))
  .map(([name, contract]): [string, Load] => [
    name,
    async () =>
      (await import('../contract-commands/contract-operation.js')).contractOperation(contract),
  ])

const loaders: Readonly<Record<string, Load>> = { ...written, ...Object.fromEntries(derived) }

/** The names of all operations; `connections add` is a command in a group. */
export const operationNames: readonly string[] = Object.keys(loaders)

/** The operations whose name starts with a word; all of them without one, or when none does. */
export async function loadOperations(word?: string): Promise<readonly Operation[]> {
  const wanted = Object.entries(loaders).filter(([name]) => name.split(' ')[0] === word)
  const chosen = wanted.length > 0 ? wanted : Object.entries(loaders)
  return Promise.all(chosen.map(([, load]) => load()))
}
