import type { FunctionKind } from '@plumb/protocol'

/** One function of a project, known by its place: `<integration>/{actions,syncs,on-events}/<name>.ts`. */
export type ProjectFunction = {
  readonly integration: string
  readonly kind: FunctionKind
  readonly name: string
  /** Absolute, and real where the file exists. */
  readonly file: string
  /** Other integrations that are links to this one. */
  readonly linkedAs?: readonly string[]
}

/** Folder of each kind of function. */
export const kindFolders = { action: 'actions', sync: 'syncs', 'on-event': 'on-events' } as const

/** Every integration that the function is listed under. */
export function namesOf(one: ProjectFunction): readonly string[] {
  return [one.integration, ...(one.linkedAs ?? [])]
}

/** `<integration>/<kind folder>/<name>`, which no two functions of a project share. */
export function functionId(one: Pick<ProjectFunction, 'integration' | 'kind' | 'name'>): string {
  return `${one.integration}/${kindFolders[one.kind]}/${one.name}`
}
