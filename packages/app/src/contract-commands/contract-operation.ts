import type { Contract, Member } from '@plumb/protocol'
import { z } from 'zod'
import { baseSchema, descriptionOf } from '../api/base-schema.js'
import { inputSchemaOf } from '../api/input-schema.js'
import { kebab } from '../operations/kebab.js'
import { defineOperation } from '../operations/operation.js'
import type { Operation } from '../operations/operation.js'
import { wrongInput } from '../operations/wrong-input.js'
import { contractExamples } from './contract-examples.js'
import { openTarget } from './open-target.js'
import { readJsonText } from './read-json-text.js'
import { remoteFlag } from './remote-flag.js'
import { renderAnswer } from './render-answer.js'
import { toldByCommands } from './told-by-commands.js'

/** What flags can say by themselves; everything else is given as JSON. */
const scalars = new Set(['string', 'number', 'boolean', 'enum', 'literal'])

/** The command of a contract: what is required and a text is given by position, the rest by flags. */
export function contractOperation(contract: Contract): Operation {
  const members = Object.entries(contract.input)
  const positionals = inOrder(
    members.filter(([, member]) => isPositional(member)).map(([key]) => key),
  )
  const parse = inputSchemaOf(contract)
  return defineOperation({
    name: contract.name,
    summary: contract.summary,
    input: z.object({
      ...Object.fromEntries(members.map(([key, member]) => [key, flagOf(member)])),
      remote: remoteFlag,
    }),
    positionals,
    examples: [exampleOf(contract, positionals)],
    run: async ({ remote: url, ...given }, context) => {
      const values = await fromTexts(contract, given, context.config)
      const parsed = parse.safeParse(values, { reportInput: true })
      if (!parsed.success)
        throw wrongInput({ name: contract.name, positionals }, values, parsed.error)
      const target = await openTarget(url, context)
      try {
        return await target.call(contract, values)
      } catch (error) {
        throw toldByCommands(error)
      } finally {
        await target.close()
      }
    },
    text: renderAnswer,
  })
}

function isPositional({ schema }: Member): boolean {
  return baseSchema(schema).type === 'string' && !schema.safeParse(undefined).success
}

function isGivenAsJson({ schema }: Member): boolean {
  const { type, element } = baseSchema(schema)
  if (type === 'array') return element === undefined || !scalars.has(baseSchema(element).type)
  return !scalars.has(type)
}

function flagOf(member: Member): z.ZodType {
  if (!isGivenAsJson(member)) return member.schema.describe(descriptionOf(member.schema) ?? '')
  const text = z.string()
  const flag = member.schema.safeParse(undefined).success ? text.optional() : text
  const form = takesWords(member) ? '; more than one with commas,' : ', as JSON'
  return flag.describe(`${descriptionOf(member.schema) ?? 'value'}${form} or @file`)
}

async function fromTexts(
  contract: Contract,
  given: Readonly<Record<string, unknown>>,
  config: { readonly directory: string },
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(given)) {
    const member = contract.input[key]
    if (value === undefined || member === undefined) continue
    const text = isGivenAsJson(member) && typeof value === 'string' ? value : null
    values[key] = text === null ? value : await valueOf(text, { key, member, config })
  }
  return values
}

type Given = {
  readonly key: string
  readonly member: Member
  readonly config: { readonly directory: string }
}

async function valueOf(text: string, { key, member, config }: Given): Promise<unknown> {
  const words = text.split(',').map((word) => word.trim())
  const isJson = /^\s*[@[{"]/.test(text)
  if (takesWords(member) && !isJson) return words.length === 1 ? oneOf(member, text) : words
  return readJsonText(text, { name: `--${kebab(key)}`, directory: config.directory })
}

/** A word where the schema takes one, else the list of it. */
function oneOf({ schema }: Member, word: string): unknown {
  return schema.safeParse(word).success ? word : [word]
}

/** Whether names may be given as they are; not where any JSON may be. */
function takesWords({ schema }: Member): boolean {
  return schema.safeParse(['word']).success && !schema.safeParse(0).success
}

/** Whose account comes first, in the same order in every command. */
function inOrder(keys: readonly string[]): string[] {
  const first = ['integrationKey', 'connectionId'].filter((key) => keys.includes(key))
  return [...first, ...keys.filter((key) => !first.includes(key))]
}

/** What most commands are called with. */
const samples: Readonly<Record<string, string>> = {
  ...{ integrationKey: 'github', connectionId: 'customer-42', provider: 'github', model: 'Issue' },
}

function exampleOf({ name }: Contract, positionals: readonly string[]): string {
  const given = contractExamples[name] ?? positionals.map((key) => samples[key] ?? key).join(' ')
  return `plumb ${name} ${given}`.trimEnd()
}
