import { z } from 'zod'
import { defineContract, inBody, inPath } from './contract.js'

const name = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]{0,199}$/,
    'expected up to 200 letters, digits and "_", the first one no digit',
  )
  .describe('name of the variable, such as API_REGION')

/** What functions read with `getEnvironmentVariables`, by environment. */
export const variableContracts = {
  list: defineContract({
    name: 'variables list',
    summary: 'List the variables that functions can read, without their values',
    method: 'GET',
    path: '/variables',
    scope: 'deployments:read',
    input: {},
    output: z.object({
      variables: z.array(z.object({ name: z.string(), updated_at: z.string() })),
    }),
    failures: [],
  }),
  set: defineContract({
    name: 'variables set',
    summary: 'Set a variable that functions can read; it is kept encrypted',
    method: 'PUT',
    path: '/variables/:name',
    scope: 'deployments:write',
    input: {
      name: inPath('name', name),
      value: inBody('value', z.string().max(65_536).describe('its value')),
    },
    output: z.object({ success: z.literal(true) }),
    failures: ['environment-unknown'],
  }),
  delete: defineContract({
    name: 'variables delete',
    summary: 'Remove a variable',
    method: 'DELETE',
    path: '/variables/:name',
    scope: 'deployments:write',
    input: { name: inPath('name', name) },
    output: z.object({ success: z.literal(true) }),
    failures: ['variable-unknown'],
  }),
}
