import { createSync } from 'nango'
import type { NangoSync, ProxyConfiguration } from 'nango'
import { retryRules } from '../../rules/retry-rules.js'
import { toEmployee } from '../mappers/to-employee.js'
import type { OrchardEmployee } from '../mappers/to-employee.js'
import { Employee } from '../models.js'

const sync = createSync({
  description: 'Copies the employees of the company.',
  version: '1.0.0',
  frequency: 'every day',
  models: { Employee },
  exec: async (nango) => {
    const company = await companyOf(nango)
    const config: ProxyConfiguration = {
      endpoint: `/Companies/${company}/Employees`,
      params: { fields: 'given,family,hired,team' },
      headers: { 'X-Orchard-Company': company },
      retries: retryRules.background,
    }
    const { data } = await nango.get<{ employees: OrchardEmployee[] }>(config)
    await nango.batchSave(data.employees.map(toEmployee), 'Employee')
  },
})

async function companyOf(nango: Pick<NangoSync, 'getConnection'>): Promise<string> {
  const { connection_config: config } = await nango.getConnection()
  if (typeof config['company'] !== 'string') throw new Error('The connection names no company.')
  return config['company']
}

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
