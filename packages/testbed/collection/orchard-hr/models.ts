import * as z from 'zod'

export const Employee = z.object({
  id: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  startedOn: z.string().nullable(),
  teamId: z.string().optional(),
})
export type Employee = z.infer<typeof Employee>

export const Team = z.object({ id: z.string(), name: z.string(), members: z.int() })
export type Team = z.infer<typeof Team>

export const models = { Employee, Team }
