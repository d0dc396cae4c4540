import { expect, it } from 'vitest'
import { changeMember, relaxMember, sendMember } from './edit-source.js'
import { fixedParts, pathInputs, readNeeds } from './function-source.js'
import { parseZod } from './parse-zod.js'

const source = `import { createAction } from '@plumb/sdk'
import { z } from 'zod'

const Input = z.object({
  team: z.string().describe('The team\\'s (short) name'),
  boardId: z.number().int(),
  labels: z.array(z.string()).optional(),
  when: z.object({ day: z.string(), hour: z.number().optional() }),
})

const ProviderTask = z.object({
  id: z.number(),
  note: z.string(),
})

const Output = z.object({
  id: z.number(),
  note: z.string(),
})

export default createAction({
  description: 'Adds a task',
  input: Input,
  output: Output,
  exec: async (ctx, input) => {
    const response = await ctx.post({
      endpoint: \`/v1/users/me/\${encodeURIComponent(input.team)}/boards/\${encodeURIComponent(String(input.boardId))}/tasks\`,
      data: {
        tags: input.labels,
        'due-at': input.when,
      },
    })
    const task = ProviderTask.parse(response.data)
    return {
      id: task.id,
      note: task.note,
    }
  },
})
`

it('reads what a function takes, and under which name it sends it', () => {
  const { kind, input } = readNeeds(source)
  expect(kind).toBe('action')
  expect(input.map(({ name, required, sentAs }) => [name, required, sentAs])).toEqual([
    ['team', true, 'team'],
    ['boardId', true, 'boardId'],
    ['labels', false, 'tags'],
    ['when', true, 'due-at'],
  ])
  expect(input[3]?.schema).toMatchObject({
    properties: { hour: { type: 'number' } },
    required: ['day'],
  })
})

it('finds the inputs in the path, and the parts that are fixed', () => {
  const path = '/v1/users/{userId}/{team}/boards/{board}/tasks'
  expect([...pathInputs(source, path)]).toEqual([
    ['team', 'team'],
    ['board', 'boardId'],
  ])
  expect(fixedParts(readNeeds(source).endpoint, path)).toEqual({ userId: 'me' })
})

it('reads zod expressions, and says when one is none', () => {
  expect(parseZod("z.enum(['a', 'it\\'s']).optional()")).toEqual({
    schema: { enum: ['a', "it's"] },
    optional: true,
  })
  expect(parseZod('z.union([z.string(), z.number()]).nullish()')).toMatchObject({ optional: true })
  expect(parseZod('z.string().regex(/[(]/).min(3)')?.schema ?? 'unread').toBeTruthy()
  expect(parseZod('Unknown.parse(x)')).toBeNull()
  expect(parseZod('z.object({ a: z.string(')).toBeNull()
})

it('lets a member be missing in answers and results alike', () => {
  const relaxed = relaxMember(source, 'note', false) ?? ''
  expect(relaxed.match(/note: z\.string\(\)\.nullish\(\),/g)).toHaveLength(2)
  expect(relaxed).toContain('note: task.note ?? undefined,')
  expect(relaxMember(source, 'unknown', false)).toBeNull()
})

it('sends one more member, once', () => {
  const edited = sendMember(source, 'colour', 'z.string()') ?? ''
  expect(edited).toContain('data: {\ncolour: input.colour,')
  expect(readNeeds(edited).input[0]).toMatchObject({ name: 'colour', required: true })
  expect(sendMember(edited, 'colour', 'z.string()')).toBeNull()
})

it('changes a type wherever a schema has the member', () => {
  expect(changeMember(source, 'id', () => 'z.string()')?.match(/id: z\.string\(\),/g)).toHaveLength(
    2,
  )
})
