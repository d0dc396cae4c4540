import { isDeepStrictEqual } from 'node:util'
import { deploymentContracts, PlumbError } from '@plumb/protocol'
import type { Contract, InputOf, OutputOf } from '@plumb/protocol'
import type { CompiledProject } from './read-compiled.js'
import { renderChanges } from './render-changes.js'

type Contracts = typeof deploymentContracts
type Preview = OutputOf<Contracts['preview']>
type Created = OutputOf<Contracts['create']>

/** What answers contracts: a server, or the data folder. */
export type Answering = {
  call(contract: Contract, input: Readonly<Record<string, unknown>>): Promise<unknown>
}

export type DeployWish = {
  readonly environment: string
  readonly integration?: string | undefined
  readonly message?: string | undefined
  readonly dryRun: boolean
  readonly yes: boolean
  readonly allowDestructive: boolean
  /** Asks a person; absent when nobody is there. */
  readonly ask?: ((question: string) => Promise<boolean>) | undefined
  readonly progress: (line: string) => void
}

export type Deployed =
  | ({ readonly kind: 'deployed' | 'unchanged' } & Created)
  | ({ readonly kind: 'previewed' | 'declined' } & Preview)

/** How often somebody else may deploy in between before it is given up. */
const mostTries = 5
/** Characters of code in one request. */
const chunkSize = 4 * 1024 * 1024

/**
 * Shows what a project would change, asks where it has to, and deploys it. Throws PlumbErrors `deployment-refused`
 * (nobody there to ask), `deployment-conflict`, and those of the server.
 */
export async function deployProject(
  target: Answering,
  project: Extract<CompiledProject, { kind: 'compiled' }>,
  wish: DeployWish,
): Promise<Deployed> {
  const { environment, integration: integrationKey, message } = wish
  const order = { environment, integrationKey, manifest: project.manifest, allow: project.allow }
  let confirmed: Preview['changes'] | null = null
  for (let tries = 1; ; tries += 1) {
    const preview = await previewOf(target, project, order)
    if (wish.dryRun) return { kind: 'previewed', ...preview }
    if (!isDeepStrictEqual(confirmed, preview.changes) && !(await confirm(preview, wish)))
      return { kind: 'declined', ...preview }
    confirmed = preview.changes
    const created = await create(target, {
      ...{ ...order, message, base: preview.base },
      allowDestructive: preview.changes.some(({ destructive }) => destructive),
    }).catch((error: unknown) => retryable(error, tries < mostTries))
    if (created !== null) return { kind: created.deployed ? 'deployed' : 'unchanged', ...created }
  }
}

function retryable(error: unknown, again: boolean): null {
  if (again && error instanceof PlumbError && error.code === 'deployment-conflict') return null
  throw error
}

async function create(target: Answering, input: InputOf<Contracts['create']>): Promise<Created> {
  return (await target.call(deploymentContracts.create, input)) as Created
}

/** Asks for a preview, and uploads what it lacks first. */
async function previewOf(
  target: Answering,
  project: Extract<CompiledProject, { kind: 'compiled' }>,
  order: InputOf<Contracts['preview']>,
): Promise<Preview> {
  const first = (await target.call(deploymentContracts.preview, order)) as Preview
  if (first.missing_bundles.length === 0) return first
  await upload(target, project, first.missing_bundles)
  return (await target.call(deploymentContracts.preview, order)) as Preview
}

async function upload(
  target: Answering,
  { code }: Extract<CompiledProject, { kind: 'compiled' }>,
  hashes: readonly string[],
): Promise<void> {
  let chunk: { file: string; code: string }[] = []
  let size = 0
  for (const [index, hash] of hashes.entries()) {
    const bundle = await code(hash)
    chunk.push(bundle)
    size += bundle.code.length
    if (size < chunkSize && chunk.length < 1000 && index < hashes.length - 1) continue
    await target.call(deploymentContracts.upload, { bundles: chunk })
    chunk = []
    size = 0
  }
}

/** True when the changes may be made. Nothing to change needs nobody's consent. */
async function confirm(preview: Preview, wish: DeployWish): Promise<boolean> {
  const destructive = preview.changes.some((change) => change.destructive)
  const allowed = destructive ? wish.allowDestructive : wish.yes || wish.allowDestructive
  if (preview.changes.length === 0 || allowed) return true
  if (wish.ask === undefined) throw nobodyToAsk(preview, wish, destructive)
  for (const line of renderChanges(preview)) wish.progress(line)
  const warning = destructive ? ' Products that rely on what is marked with ! may break.' : ''
  return wish.ask(`Deploy this to ${wish.environment}?${warning}`)
}

function nobodyToAsk(preview: Preview, { environment }: DeployWish, destructive: boolean) {
  const lines = renderChanges({ ...preview, new_integrations: [], warnings: [] }).slice(0, 40)
  return new PlumbError({
    code: 'deployment-refused',
    message: `The deployment to "${environment}" has to be confirmed, and nobody is there to ask:\n${lines.join('\n')}`,
    remedy: destructive
      ? 'Nothing was changed. Add --allow-destructive if what is marked with ! may go.'
      : 'Nothing was changed. Add --yes to deploy without being asked.',
  })
}
