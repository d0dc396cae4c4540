import type { Divergence, TraceEvent } from '@plumb/protocol'
import type { AttemptClues } from './attempt-clues.js'

/** What a box or the gateway refuses, and how the refusal reads. */
const refusals: readonly { readonly what: string; readonly reads: RegExp }[] = [
  { what: 'writing to a read-only place', reads: /read-only file system|EROFS/i },
  {
    what: 'the network',
    reads: /could not resolve host|network is unreachable|EAI_AGAIN|ENETUNREACH|ENOTFOUND/i,
  },
  { what: 'a host outside the provider', reads: /"code":"host-not-allowed"/ },
  {
    what: 'a call that changes the account',
    reads: /was not sent: it (may change the account|would be write)/,
  },
  {
    what: 'a file or tool without permission',
    reads: /permission denied|operation not permitted|EACCES|EPERM|rejected permission/i,
  },
]

/** A tool, a place or a host that the box does not allow. */
export function refusedTool({ trace, steps }: AttemptClues): Divergence | null {
  const refused = trace.flatMap((event) => {
    const what = refusalOf(event)
    return what === null ? [] : [{ what, sequence: event.sequence }]
  })
  const [first] = refused
  if (!first) return null
  const step = steps.find(({ sequence }) => sequence === first.sequence)
  const good = steps.find(({ sequence, state }) => sequence > first.sequence && state === 'ok')
  return {
    kind: 'refused-tool',
    subject: first.what,
    sequence: first.sequence,
    premise: `The box does not allow ${first.what}: "${step?.what ?? 'a tool'}" was refused${step?.detail ? ` (${step.detail})` : ''}.`,
    consequences: refused.slice(1).map(({ sequence }) => sequence),
    receipts: [],
    contradiction: good ? { sequence: good.sequence, text: `${good.what} went another way` } : null,
  }
}

function refusalOf(event: TraceEvent): string | null {
  const text = failedText(event)
  return text === null ? null : (refusals.find(({ reads }) => reads.test(text))?.what ?? null)
}

function failedText(event: TraceEvent): string | null {
  if (event.kind === 'plumb-called') return event.exitCode === 0 ? null : event.summary
  if (event.kind !== 'tool-called') return null
  return event.status === 'error' || (event.exitCode ?? 0) !== 0 ? event.output : null
}
