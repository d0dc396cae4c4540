import { lintRuleNames } from '@plumb/toolchain'
import { assemblyChecks } from '../reading/assembly-checks.js'
import { liveOracleNames, oracleNames } from './oracles/oracle.js'
import { firstLevelChecks } from './verify.js'

/** Checks that are not in the list of the first level, because they end an attempt in another place. */
const elsewhere = ['compile', 'blocked-claim', 'submitted', 'budget', 'recording'] as const

/** The name of everything that finds something; rules of the lint as `lint/<rule>`. */
export const checkNames: ReadonlySet<string> = new Set([
  ...firstLevelChecks.map(({ name }) => name),
  ...oracleNames,
  ...liveOracleNames,
  ...elsewhere,
  ...assemblyChecks,
  ...lintRuleNames.map((rule) => `lint/${rule}`),
])
