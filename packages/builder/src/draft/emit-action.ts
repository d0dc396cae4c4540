import type { JsonSchema } from '@plumb/protocol'
import { findList } from '../description/schema-shape.js'
import type { ActionResult } from './action-result.js'
import { actionResult } from './action-result.js'
import { isIdentity } from './choose-fields.js'
import type { DraftRequest } from './draft-request.js'
import { emitListAction } from './emit-list-action.js'
import { constantValues, inputValues, requestText } from './emit-request.js'
import type { EmittedSource, Target } from './emitted-source.js'
import { zodObject } from './emit-zod.js'
import type { InputPlan } from './input-plan.js'
import { inputShape, planInputs } from './input-plan.js'
import { memberText, modelName } from './names.js'
import { normaliseFields } from './normalise-fields.js'
import { resourceOf } from './resource-name.js'
import type { ShapeField } from './shape.js'
import { fieldsOf } from './shape.js'
import {
  descriptionMember,
  docsComment,
  expectedStatusLines,
  scopesMember,
} from './source-parts.js'
import { successCheck } from './success-check.js'

/** Writes an action that makes one call. */
export function emitAction(request: DraftRequest, target: Target): EmittedSource {
  const { description, interaction } = request
  const { operation } = target
  const asked = askedOutput(request)
  const isRead = operation.method === 'GET' || operation.pagination !== null
  const list = findList(operation, description.schemas)
  if (isRead && list !== null && !wantsOne(asked)) {
    return emitListAction(request, { ...target, list, asked })
  }
  const plan = planInputs(description, operation, interaction)
  const result = actionResult(request, target, { plan, asked })
  return {
    lines: [
      "import { createAction } from '@plumb/sdk'",
      "import { z } from 'zod'",
      ...(plan.declarations?.some((line) => line.includes('Buffer.')) === true
        ? ["import { Buffer } from 'node:buffer'"]
        : []),
      '',
      `const Input = ${zodObject(inputShape(plan.inputs), { missing: 'optional', describe: true })}`,
      '',
      ...(plan.declarations ?? []),
      ...result.declarations,
      '',
      ...docsComment(operation, request.provider),
      'export default createAction({',
      descriptionMember(interaction),
      "version: '1.0.0',",
      'input: Input,',
      'output: Output,',
      ...scopesMember(operation),
      `exec: async (ctx${usesInput(plan, result) ? ', input' : ''}) => {`,
      ...callLines(request, target, { plan, result }),
      ...result.lines,
      '},',
      '})',
    ],
    questions: [...plan.questions, ...result.questions],
  }
}

function usesInput(plan: InputPlan, result: ActionResult): boolean {
  return plan.inputs.length > 0 || result.lines.some((line) => line.includes('input.'))
}

/** The members a brief asks for; null where it asks for none. */
export function askedOutput(request: DraftRequest): ShapeField[] | null {
  const { interaction, description } = request
  if (interaction.output === undefined) return null
  const schema: JsonSchema = normaliseFields(interaction.output)
  const fields = fieldsOf(schema, description.schemas, { depth: 4, fields: 80 })
  return fields.length > 0 ? fields : null
}

/** A result without any list, from an operation that lists, is one item of it. */
function wantsOne(asked: readonly ShapeField[] | null): boolean {
  if (asked === null || asked.some(({ shape }) => shape.kind === 'array')) return false
  return asked.some(({ name }) => isIdentity(name))
}

function callLines(
  request: DraftRequest,
  target: Target,
  from: { plan: InputPlan; result: ActionResult },
): string[] {
  const { operation } = target
  const { plan, result } = from
  const values = [...inputValues(plan.inputs), ...constantValues(plan.constants)]
  const { before, members } = requestText(operation, values)
  const statuses = request.interaction.expectedStatuses ?? []
  const check = successCheck(request.provider)
  const checks = [
    ...(result.settlesStatus ? [] : expectedStatusLines(statuses, missingText(target, plan))),
    ...(check === null ? [] : check.lines('response.data')),
  ]
  const isUsed = [...checks, ...result.lines].some((line) => line.includes('response.'))
  return [
    ...before,
    `${isUsed ? 'const response = ' : ''}await ctx.${verbOf(operation.method)}({`,
    ...(verbOf(operation.method) === 'proxy' ? [`method: '${operation.method}',`] : []),
    ...members,
    ...(statuses.length > 0 ? [`expectedStatus: [${statuses.join(', ')}],`] : []),
    ...(operation.method === 'GET' || operation.method === 'HEAD' ? ['retries: 3,'] : []),
    '})',
    ...checks,
  ]
}

function verbOf(method: string): string {
  return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method) ? method.toLowerCase() : 'proxy'
}

function missingText(target: Target, plan: InputPlan): string {
  const last = plan.inputs.filter(({ candidate }) => candidate.place === 'path').at(-1)
  const model = modelName(resourceOf(target.operation))
  return last === undefined
    ? `'${model} was not found'`
    : `\`${model} \${input${memberText(last.name)}} was not found\``
}
