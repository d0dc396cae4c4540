import type { ApiDescription, JsonObject, Operation } from '@plumb/protocol'
import { inlineSchema } from './inline-schema.js'

/** One operation in full, with its schemas inlined to a bounded depth: the answer of `plumb docs show`. */
export function showOperation(description: ApiDescription, operation: Operation): JsonObject {
  const inline = (schema: JsonObject): JsonObject => inlineSchema(description, schema)
  const { id, method, path, summary, scopes, requestBody, pagination } = operation
  return {
    id,
    method,
    path,
    summary,
    description: operation.description,
    deprecated: operation.deprecated,
    docs: operation.docs,
    scopes,
    parameters: operation.parameters.map(
      ({ schema, style: _style, explode: _explode, ...parameter }) => ({
        ...parameter,
        schema: inline(schema),
      }),
    ),
    requestBody:
      requestBody === null ? null : { ...requestBody, schema: inline(requestBody.schema) },
    responses: operation.responses.map((response) => ({
      status: response.status,
      description: response.description,
      schema: response.schema === null ? null : inline(response.schema),
    })),
    pagination: pagination as JsonObject | null,
    incrementalParameter: operation.incrementalParameter,
  }
}
