import { listedCommands } from './listed-commands.js'
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

/** The names of all operations; `connections add` is a command in a group. */
export const operationNames: readonly string[] = listedCommands.map(({ name }) => name)

/** The operations with these names; all of them without. */
export async function loadOperations(names?: readonly string[]): Promise<readonly Operation[]> {
  return Promise.all(
    (names ?? (await allNames())).map((name) => (written[name] ?? derived(name))()),
  )
}

/** A command for each contract that has none of its own comes after those that are written. */
async function allNames(): Promise<readonly string[]> {
  const { commandContracts } = await import('../contract-commands/index.js')
  return [...new Set([...Object.keys(written), ...commandContracts().keys()])]
}

function derived(name: string): Load {
  return async () => {
    const [{ commandContracts }, { contractOperation }] = await Promise.all([
      import('../contract-commands/index.js'),
      import('../contract-commands/contract-operation.js'),
    ])
    const contract = commandContracts().get(name)
    if (contract === undefined) throw new Error(`No contract is called "${name}".`)
    return contractOperation(contract)
  }
}
