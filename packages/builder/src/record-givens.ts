import { createHash } from 'node:crypto'
import { canonicalJson } from '@plumb/protocol'
import type { SkillVersion } from '@plumb/protocol'
import { readIntegration } from '@plumb/runtime'
import { saveGivens } from '@plumb/store'
import { hashSource } from '@plumb/toolchain'
import type { BuildItem, BuildTools } from './build-tools.js'
import type { ProtectedFile, Workspace } from './workspace/workspace.js'

type Given = {
  readonly workspace: Workspace
  readonly draft: { readonly source: string }
}

/** Keeps what an attempt is given, so that its outcome can be held against it later. */
export async function recordGivens(
  tools: BuildTools,
  { provider, description, brief }: BuildItem,
  { workspace, draft }: Given,
): Promise<void> {
  const configured = await readIntegration(tools, brief.connection.integration)
  const baseUrls = [provider.proxy.baseUrl, configured?.baseUrl].filter((url) => url !== undefined)
  const operations = description.operations.map(({ id, method, path }) => ({ id, method, path }))
  await saveGivens(tools.db, {
    attemptId: workspace.attemptId,
    skills: skillVersions(workspace.protectedFiles),
    draftHash: hashSource(draft.source),
    known: { baseUrl: description.baseUrl, baseUrls, operations },
  })
}

const skillPath = /^\.agents\/skills\/([^/]+)\/(.+)$/

/** The skills among a workspace's files. The version covers every file of a skill, whatever their order. */
export function skillVersions(files: readonly ProtectedFile[]): SkillVersion[] {
  const found = files.flatMap(({ path, sha256 }) => {
    const [, name, file] = skillPath.exec(path) ?? []
    return name === undefined || file === undefined ? [] : [{ name, file, sha256 }]
  })
  const names = [...new Set(found.map(({ name }) => name))].sort()
  return names.map((name) => {
    const parts = found.filter((one) => one.name === name).map(({ file, sha256 }) => [file, sha256])
    const text = canonicalJson(parts.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)))
    return { name, version: createHash('sha256').update(text).digest('hex') }
  })
}
