import { PlumbError } from '@plumb/protocol'
import type { Finding, Fixture } from '@plumb/protocol'
import { recordFixture } from '@plumb/toolchain'
import type { AssemblyInput, Member } from './assembly-input.js'

export type WrittenFixture = { readonly fixture: Fixture; readonly findings: readonly Finding[] }

/**
 * The fixture that is written for a member: what is about people has pseudonyms, and a replay has given the same result
 * with them. Where a function depends on such a value, the recording stays as it was, and a person is told.
 */
export async function pseudonymisedFixture(
  { provider, connection, salt, pool, signal }: AssemblyInput,
  member: Member,
): Promise<WrittenFixture> {
  try {
    const order = { ...member, provider, connection, salt, pool, signal }
    const { fixture } = await recordFixture(order)
    return { fixture, findings: [] }
  } catch (error) {
    if (!(error instanceof PlumbError) || error.code !== 'fixture-not-repeatable') throw error
    return { fixture: member.fixture, findings: [kept(error, member)] }
  }
}

function kept({ message, remedy }: PlumbError, { execution }: Member): Finding {
  return {
    check: 'assembly-personal-data',
    behaviour: 'H8',
    severity: 'warn',
    message: `The fixture keeps what the test account says about people. ${message}`,
    remedy,
    pointer: { kind: 'execution', executionId: execution.id },
  }
}
