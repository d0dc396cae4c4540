import { z } from 'zod'

export const newEmployeeSchema = z.object({
  firstName: z.string().min(1),
  lastName: z.string().min(1),
  teamId: z.string().optional(),
})
