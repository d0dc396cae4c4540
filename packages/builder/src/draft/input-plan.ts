import type { ApiDescription, Interaction, JsonObject, Operation } from '@plumb/protocol'
import { objectOf } from '../description/document.js'
import { wordsOf } from '../description/words.js'
import type { Candidate } from './candidate-inputs.js'
import { candidatesOf, nestedCandidates } from './candidate-inputs.js'
import { constantOf } from './constant-values.js'
import type { MailRecipe } from './mail-recipe.js'
import { mailRecipe } from './mail-recipe.js'
import { matchNames } from './match-names.js'
import { inputName, plainName } from './names.js'
import { normaliseFields } from './normalise-fields.js'
import type { ObjectShape, Shape, ShapeField } from './shape.js'
import { fieldsOf, isText } from './shape.js'

/** One member of a function's input and the place its value goes to. */
export type Input = {
  readonly name: string
  readonly candidate: Candidate
  readonly field: ShapeField
  /** The member of an object that a plain value is wrapped into: `{ dateTime: input.start }`. */
  readonly wrap: string | null
}

/** A value that is always sent, as TypeScript. */
export type Constant = { readonly candidate: Candidate; readonly text: string }

export type InputPlan = {
  readonly inputs: readonly Input[]
  readonly constants: readonly Constant[]
  readonly questions: readonly string[]
  /** What the constants need to be declared. */
  readonly declarations?: readonly string[]
}

const maxOptional = 12

/** Chooses what a function takes: what the brief names, or what is required and the most useful optional members. */
export function planInputs(
  description: ApiDescription,
  operation: Operation,
  interaction: Interaction,
): InputPlan {
  const candidates = candidatesOf(description, operation)
  return interaction.input === undefined
    ? planFromOperation(candidates, interaction)
    : planFromBrief(candidates, { ...interaction, input: interaction.input }, description)
}

function planFromOperation(candidates: readonly Candidate[], interaction: Interaction): InputPlan {
  const constants = constantsOf(candidates)
  const fixed = new Set(constants.map(({ candidate }) => candidate))
  const open = candidates.filter((candidate) => !fixed.has(candidate))
  const required = open.filter((candidate) => candidate.required)
  const optional = open.filter((candidate) => !candidate.required && candidate.place !== 'header')
  const chosen = mostUseful(optional, interaction)
  const questions = constants.flatMap(({ candidate, text }) =>
    candidate.place === 'path'
      ? [`${candidate.path.join('.')} is always ${text}: is that right?`]
      : [],
  )
  const inputs = withUniqueNames([...required, ...chosen].map((candidate) => asInput(candidate)))
  return { inputs, constants, questions }
}

function constantsOf(candidates: readonly Candidate[]): Constant[] {
  return candidates.flatMap((candidate) => {
    const text = candidate.required ? constantOf(candidate) : null
    return text === null ? [] : [{ candidate, text }]
  })
}

const telling = new Set(
  'title summary name subject description body text content message note start end date due email to cc status state label tag type priority location attendee assignee color visibility private query q search filter sort order since limit phone url amount currency quantity parent folder milestone'.split(
    ' ',
  ),
)

function mostUseful(optional: readonly Candidate[], interaction: Interaction): Candidate[] {
  const told = new Set(
    wordsOf(`${interaction.description} ${interaction.prompt ?? ''} ${interaction.comments ?? ''}`),
  )
  const scored = optional.map((candidate, order) => {
    const words = wordsOf(candidate.path.join(' '))
    const mentioned = words.some((word) => told.has(word)) ? 10 : 0
    const known = words.some((word) => telling.has(word)) ? 4 : 0
    const simple = candidate.shape.kind === 'json' || candidate.shape.kind === 'record' ? -3 : 0
    return { candidate, order, score: mentioned + known + simple - order / 100 }
  })
  const best = scored.sort((a, b) => b.score - a.score).slice(0, maxOptional)
  return best.sort((a, b) => a.order - b.order).map(({ candidate }) => candidate)
}

function asInput(candidate: Candidate): Input {
  const [name = 'body'] = candidate.path.slice(-1)
  return {
    name: inputName(name),
    candidate,
    field: fieldOf(candidate, inputName(name)),
    wrap: null,
  }
}

function fieldOf(candidate: Candidate, name: string): ShapeField {
  const { shape, required, nullable, description } = candidate
  return { name, shape: writableShape(shape), required, nullable, description, readOnly: false }
}

/** Read-only members of nested objects cannot be sent. */
function writableShape(shape: Shape): Shape {
  if (shape.kind === 'array') return { kind: 'array', items: writableShape(shape.items) }
  if (shape.kind !== 'object') return shape
  const fields = shape.fields
    .filter((field) => field.required || !field.readOnly)
    .map((field) => ({ ...field, shape: writableShape(field.shape) }))
  return fields.length > 0
    ? { kind: 'object', fields }
    : { kind: 'record', values: { kind: 'json' } }
}

function withUniqueNames(inputs: readonly Input[]): Input[] {
  const seen = new Set<string>()
  return inputs.map((input) => {
    let { name } = input
    for (let turn = 2; seen.has(name); turn += 1) {
      name = turn === 2 ? `${input.candidate.place}_${input.name}` : `${input.name}_${turn}`
    }
    seen.add(name)
    return { ...input, name, field: { ...input.field, name } }
  })
}

type WithInput = Interaction & { readonly input: JsonObject }

function planFromBrief(
  candidates: readonly Candidate[],
  interaction: WithInput,
  description: ApiDescription,
): InputPlan {
  const asked = fieldsOf(normaliseFields(interaction.input), description.schemas, {
    depth: 4,
    fields: 60,
  })
  const mail = mailRecipe(asked, [...candidates, ...nestedCandidates(candidates)])
  const names = asked.map(({ name }) => name).filter((name) => mail?.parts.has(name) !== true)
  const top = matchNames(names, candidates, lastName)
  const rest = names.filter((name) => !top.has(name))
  const nested = matchNames(rest, nestedCandidates(candidates), lastName)
  const questions: string[] = []
  const inputs = asked.map((field) => {
    if (mail?.parts.has(field.name) === true) return composedInput(field)
    const candidate = top.get(field.name) ?? nested.get(field.name) ?? null
    if (candidate === null)
      questions.push(
        `Where does the input "${field.name}" go? Nothing in the request is called that.`,
      )
    return fromBrief(field, candidate ?? unknownPlace(field, candidates), interaction.input)
  })
  return completed(withMail({ inputs, constants: [], questions }, mail), candidates)
}

function composedInput(field: ShapeField): Input {
  const { name, shape, required, nullable, description } = field
  const plain: Shape = isLoose(shape) ? { kind: 'array', items: { kind: 'string' } } : shape
  const candidate: Candidate = {
    place: 'composed',
    path: [name],
    shape: plain,
    required,
    nullable,
    description,
    parameter: null,
  }
  return { name, candidate, field: { ...field, shape: plain }, wrap: null }
}

function withMail(plan: InputPlan, mail: MailRecipe | null): InputPlan {
  if (mail === null) return plan
  const constant = { candidate: mail.target, text: mail.text }
  return { ...plan, constants: [constant], declarations: mail.declarations }
}

const lastName = (candidate: Candidate): string => candidate.path.at(-1) ?? ''

function unknownPlace(field: ShapeField, candidates: readonly Candidate[]): Candidate {
  const place = candidates.some((candidate) => candidate.place === 'body') ? 'body' : 'query'
  const { shape, required, nullable, description } = field
  return { place, path: [field.name], shape, required, nullable, description, parameter: null }
}

function fromBrief(field: ShapeField, candidate: Candidate, input: JsonObject): Input {
  const declared = objectOf(objectOf(input.properties)[field.name] ?? input[field.name])
  const isBare = Object.keys(declared).length === 0
  const plain = isBare && isLoose(field.shape) ? candidate.shape : field.shape
  const exact =
    isBare && candidate.shape.kind === 'enum' && field.shape.kind === 'string'
      ? candidate.shape
      : plain
  const wrap = wrapFor(exact, candidate)
  const description = field.description || candidate.description
  const required = field.required || candidate.place === 'path'
  return {
    name: field.name,
    candidate,
    wrap,
    field: { ...field, required, shape: writableShape(exact), description },
  }
}

/** `array` and `object` without members: the operation knows better what they hold. */
function isLoose(shape: Shape): boolean {
  if (shape.kind === 'array') return shape.items.kind === 'json'
  return shape.kind === 'record' || shape.kind === 'json'
}

const wrapped = ['datetime', 'date', 'value', 'id', 'name', 'text', 'email', 'key']

/** A plain value for a member that is an object goes into that object's telling member. */
function wrapFor(shape: Shape, candidate: Candidate): string | null {
  const target: Shape = candidate.shape
  if (!isText(shape) || target.kind !== 'object') return null
  const names = target.fields.filter((field) => isText(field.shape) && !field.readOnly)
  const known = wrapped
    .map((name) => names.find((field) => plainName(field.name) === name))
    .find((field) => field !== undefined)
  return (known ?? names[0])?.name ?? null
}

/** Adds what the operation requires and the brief does not name: as a constant where there is one. */
function completed(plan: InputPlan, candidates: readonly Candidate[]): InputPlan {
  const used = new Set(
    plan.inputs.map(({ candidate }) => candidate.path.join('.') + candidate.place),
  )
  const bodies = new Set(
    plan.inputs
      .filter(({ candidate }) => candidate.place === 'body')
      .map(({ candidate }) => candidate.path[0]),
  )
  const missing = candidates.filter(
    (candidate) =>
      candidate.required &&
      !used.has(candidate.path.join('.') + candidate.place) &&
      !(candidate.place === 'body' && bodies.has(candidate.path[0])),
  )
  const constants = [...plan.constants, ...constantsOf(missing)]
  const fixed = new Set(constants.map(({ candidate }) => candidate))
  const extra = missing.filter((candidate) => !fixed.has(candidate))
  const questions = extra.map(
    ({ path }) =>
      `The operation requires "${path.join('.')}", which the brief does not name: it was added to the input.`,
  )
  const inputs = withUniqueNames([...plan.inputs, ...extra.map(asInput)])
  return { ...plan, inputs, constants, questions: [...plan.questions, ...questions] }
}

export function inputShape(inputs: readonly Input[]): ObjectShape {
  const fields = inputs.map(({ field }) => field)
  return {
    kind: 'object',
    fields: [...fields.filter((f) => f.required), ...fields.filter((f) => !f.required)],
  }
}
