import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import type { Project, ProjectFunction } from '@plumb/toolchain'

/** The function that `wanted` names in the project of `directory`: a file, `integration/name`, or a name. */
export async function findFunction(
  wanted: string,
  o: { readonly directory: string; readonly integration?: string | undefined },
): Promise<{ one: ProjectFunction; project: Project }> {
  const { chooseFunction, openProject } = await import('@plumb/toolchain')
  const file = resolve(o.directory, wanted)
  if (/\.ts$/.test(wanted) && existsSync(file)) {
    const project = await openProject(file)
    const [one] = project.functions
    if (one !== undefined) return { one, project }
  }
  if (/\.ts$/.test(wanted) && wanted.includes('/') && !existsSync(file)) throw noFile(file)
  const project = await openProject(o.directory)
  return { one: chooseFunction(project.functions, wanted, o.integration), project }
}

function noFile(file: string): PlumbError {
  return new PlumbError({
    code: 'function-not-found',
    message: `There is no file ${file}.`,
    remedy: 'Correct the path, or name the function as integration/name.',
  })
}
