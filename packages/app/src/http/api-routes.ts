import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Handler } from '../api/handler.js'
import { inputReaderOf } from './read-input.js'
import type { WireRequest } from './read-input.js'
import type { HttpTools } from './http-routes.js'

export type ApiRouteOptions = {
  /** Whether each answer is held against its contract before it is sent. */
  readonly checkAnswers: boolean
}

/** Gives each handler the route of its contract. */
export function addApiRoutes(
  server: FastifyInstance,
  handlers: readonly Handler[],
  tools: HttpTools & ApiRouteOptions,
): void {
  for (const handler of handlers) addRoute(server, handler, tools)
}

function addRoute(
  server: FastifyInstance,
  { contract, run }: Handler,
  { plumb, authorize, signalOf, checkAnswers }: HttpTools & ApiRouteOptions,
): void {
  const read = inputReaderOf(contract)
  const { method, path: url, scope, status = 200, output } = contract
  server.route({
    ...{ method, url },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const caller = scope === null ? plumb : await authorize(request, scope)
      const { environment } = caller
      const input = read(wireOf(request))
      const answer = await run(input as never, {
        ...{ plumb, environment, signal: signalOf(reply) },
        ...('scopes' in caller && { scopes: caller.scopes, keyId: caller.keyId }),
      })
      if (checkAnswers) refuseWrongAnswer(contract.name, output, answer)
      if (status === 204) return reply.code(status).send(null)
      // Fastify would send a text as it is, and nothing else that is no object.
      const isObject = typeof answer === 'object' && answer !== null
      const body = isObject ? answer : JSON.stringify(answer ?? null)
      return reply.code(status).type('application/json').send(body)
    },
  })
}

function wireOf({ params, query, headers, body }: FastifyRequest): WireRequest {
  return { params, query, headers, body } as WireRequest
}

function refuseWrongAnswer(name: string, output: z.ZodType, answer: unknown): void {
  const checked = output.safeParse(answer)
  if (checked.success) return
  throw new Error(`The answer of "${name}" breaks its contract: ${z.prettifyError(checked.error)}`)
}
