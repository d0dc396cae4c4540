import type { ApiDescription, JsonSchema, Operation } from '@plumb/protocol'
import { deref, isArraySchema, propertiesOf, successResponse } from '../description/schema-shape.js'
import { nameSimilarity } from './match-names.js'
import { plainName } from './names.js'
import type { Shape, ShapeField } from './shape.js'
import { fieldsOf, shapeOf } from './shape.js'

/** Where in the body of a success the thing itself is, and what it has. */
export type AnswerPlace =
  | {
      readonly kind: 'object'
      readonly path: readonly string[]
      readonly fields: readonly ShapeField[]
    }
  | { readonly kind: 'value'; readonly shape: Shape }
  | { readonly kind: 'text' }
  | { readonly kind: 'nothing' }

const depth = { depth: 4, fields: 120 }
const envelopeNoise =
  /^(ok|success|status|code|meta|metadata|links|_links|warnings?|errors?|error|message|responsemetadata|jsonapi|included|requestid|self|version|result_?info|messages)$/

/** Finds the object of a success; `asked` are the member names a result should have. */
export function answerPlace(
  description: ApiDescription,
  operation: Operation,
  asked: readonly string[] = [],
): AnswerPlace {
  const response = successResponse(operation.responses)
  if (response === null || response.schema === null) return { kind: 'nothing' }
  if (response.contentType !== null && !/json|\*\/\*/i.test(response.contentType))
    return { kind: 'text' }
  const body = deref(response.schema, description.schemas)
  const fields = fieldsOf(response.schema, description.schemas, depth)
  if (isArraySchema(body) || fields.length === 0)
    return valueOrNothing(description, response.schema)
  const inner = envelope(description, body, asked)
  if (inner === null) return { kind: 'object', path: [], fields }
  const schema = propertiesOf(body, description.schemas)[inner] ?? {}
  return { kind: 'object', path: [inner], fields: fieldsOf(schema, description.schemas, depth) }
}

function valueOrNothing(description: ApiDescription, schema: JsonSchema): AnswerPlace {
  const shape = shapeOf(schema, description.schemas, depth)
  const isEmpty = shape.kind === 'json' || (shape.kind === 'record' && shape.values.kind === 'json')
  return isEmpty ? { kind: 'nothing' } : { kind: 'value', shape }
}

function envelope(
  description: ApiDescription,
  body: JsonSchema,
  asked: readonly string[],
): string | null {
  const properties = Object.entries(propertiesOf(body, description.schemas))
  const objects = properties.filter(([, schema]) => {
    const inner = deref(schema, description.schemas)
    return !isArraySchema(inner) && Object.keys(propertiesOf(inner, description.schemas)).length > 0
  })
  if (asked.length > 0) return bestFit(description, { properties, objects }, asked)
  const telling = properties.filter(([name]) => !envelopeNoise.test(plainName(name)))
  const data = objects.find(([name]) => /^(data|result)$/i.test(name))
  if (data !== undefined && !properties.some(([name]) => /^id$/i.test(name))) return data[0]
  const [only] = objects
  return telling.length === 1 && only !== undefined && telling[0]?.[0] === only[0] ? only[0] : null
}

type Members = readonly (readonly [string, JsonSchema])[]

/** The object that has more of what is asked than the body itself. */
function bestFit(
  description: ApiDescription,
  body: { properties: Members; objects: Members },
  asked: readonly string[],
): string | null {
  const top = fit(
    asked,
    body.properties.map(([name]) => name),
  )
  const ranked = body.objects
    .filter(([name]) => !envelopeNoise.test(plainName(name)))
    .map(([name, schema]) => {
      const members = propertiesOf(deref(schema, description.schemas), description.schemas)
      return { name, score: fit(asked, Object.keys(members)) }
    })
    .sort((a, b) => b.score - a.score)
  const [best] = ranked
  return best !== undefined && best.score > top ? best.name : null
}

function fit(asked: readonly string[], offered: readonly string[]): number {
  return asked.reduce(
    (sum, name) => sum + Math.max(0, ...offered.map((other) => nameSimilarity(name, other))),
    0,
  )
}
