import { createAction } from 'nango'
import { toEmployee } from '../mappers/to-employee.js'
import { Employee } from '../models.js'
import { newEmployeeSchema } from '../schema.zod.js'

const action = createAction({
  description: 'Creates an employee.',
  version: '1.0.0',
  endpoint: { method: 'POST', path: '/employees', group: 'Employees' },
  input: newEmployeeSchema,
  output: Employee,
  exec: async (nango, input): Promise<Employee> => {
    await nango.zodValidateInput({ zodSchema: newEmployeeSchema, input })
    const { data } = await nango.post({
      endpoint: '/Employees',
      data: { given: input.firstName, family: input.lastName, team: input.teamId },
      retries: 3,
    })
    return toEmployee(data)
  },
})

export default action
