import type { AssembledIntegration } from '@plumb/builder'
import { PlumbError } from '@plumb/protocol'

/** Throws PlumbError `output-invalid` when accepted functions could not be written, with what is in the way. */
export function refuseUnassembled(assembled: readonly AssembledIntegration[]): void {
  const reasons = assembled.flatMap(reasonOf)
  if (reasons.length === 0) return
  throw new PlumbError({
    code: 'output-invalid',
    message: reasons.map(({ message }) => message).join('\n'),
    remedy: [
      ...new Set(reasons.map(({ remedy }) => remedy)),
      'Nothing accepted is lost: run the same command again, and only this step is done again.',
    ].join('\n'),
  })
}

function reasonOf({ integration, result }: AssembledIntegration) {
  if (result.kind === 'assembled') return []
  if (result.kind === 'conflict') {
    const message = `${integration} was not written: ${result.paths.join(', ')} would be overwritten.`
    return [{ message, remedy: result.remedy }]
  }
  const found = result.findings.map((one) => `  ${one.interactionId ?? 'all'}: ${one.message}`)
  const message = [`${integration} was not written: its functions do not hold together.`, ...found]
  return [
    {
      message: message.join('\n'),
      remedy: 'Correct the brief for what is named, or build anew with --fresh.',
    },
  ]
}
