import type { ApiDescription, Operation, Parameter } from '@plumb/protocol'
import { deref, findList, propertiesOf, successResponse } from './schema-shape.js'

/** Pages that continue after the id of the last item, with a flag that says whether there are more. */
export type LastIdPaging = {
  readonly parameter: string
  /** The parameter is a number. */
  readonly isNumber: boolean
  readonly moreField: string
  readonly listPath: readonly string[]
}

function isAfterId({ name, in: place, description }: Parameter): boolean {
  if (place !== 'query') return false
  if (/^(starting_?after|start_?after|after_?id|since_?id|last_?id)$/i.test(name)) return true
  return /^(after|from|since|start|cursor)$/i.test(name) && /\bid of the last\b/i.test(description)
}

/** Recognises `starting_after` + `has_more`; null where the operation does not page that way. */
export function lastIdPaging(
  description: ApiDescription,
  operation: Operation,
): LastIdPaging | null {
  const parameter = operation.parameters.find(isAfterId)
  const list = findList(operation, description.schemas)
  if (parameter === undefined || list === null || list.path.length === 0) return null
  const body = deref(successResponse(operation.responses)?.schema ?? {}, description.schemas)
  const more = Object.keys(propertiesOf(body, description.schemas)).find((name) =>
    /^has_?more$/i.test(name),
  )
  const { id } = propertiesOf(list.items, description.schemas)
  if (more === undefined || id === undefined) return null
  const isNumber = parameter.schema.type === 'integer' || parameter.schema.type === 'number'
  return { parameter: parameter.name, isNumber, moreField: more, listPath: list.path }
}
