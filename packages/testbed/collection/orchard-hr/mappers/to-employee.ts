import type { Employee } from '../models.js'

export interface OrchardEmployee {
  employeeNo: number
  given: string
  family: string
  hired?: string
  team?: { code: string }
}

export function toEmployee(raw: OrchardEmployee): Employee {
  return {
    id: String(raw.employeeNo),
    firstName: raw.given,
    lastName: raw.family,
    startedOn: raw.hired ?? null,
    ...(raw.team && { teamId: raw.team.code }),
  }
}
