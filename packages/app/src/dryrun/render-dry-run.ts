import type { Execution, FunctionError, RecordChanges } from '@plumb/protocol'
import type { StoppedWrite } from '@plumb/runtime'
import { plain } from '../cli/terminal.js'
import { renderTable } from '../operations/render-table.js'
import type { DryRunReport, WrittenFixture } from './run-dry-run.js'

const sampleLength = 2000

/** A dry run for a person: the result first, then everything the function did. */
export function renderDryRun(report: DryRunReport): string {
  const { execution, stoppedWrite, fixture } = report
  const parts = [
    headline(report),
    resultOf(report),
    stoppedWrite === null ? '' : renderWrite(stoppedWrite),
    renderCalls(execution),
    renderRecords(execution.records),
    renderCheckpoint(execution),
    renderLogs(execution),
    fixture === null ? '' : renderFixture(fixture),
  ]
  return plain(parts.filter((part) => part !== '').join('\n\n'))
}

function headline({ execution, result }: DryRunReport): string {
  const words = {
    returned: 'returned',
    failed: 'failed',
    'write-stopped': 'was ended at its first write',
    'access-lost': 'was ended: the account refuses access',
  }
  const { functionName, durationMs, integrationKey, connectionId, id } = execution
  return `${functionName} ${words[result]} after ${Math.round(durationMs)} ms (${integrationKey}/${connectionId}, ${id})`
}

function resultOf({ execution, stoppedWrite }: DryRunReport): string {
  const { outcome, functionKind } = execution
  if (stoppedWrite !== null) return ''
  if (outcome.kind === 'threw') return renderError(outcome.error)
  if (outcome.kind === 'killed') return `Ended (${outcome.reason}): ${outcome.detail}`
  return functionKind === 'action' ? `Output\n${shown(outcome.output)}` : ''
}

function renderError({ type, message, payload, stack }: FunctionError): string {
  const issues = type === 'validation' ? issuesOf(payload) : []
  return [
    `${type}: ${message}`,
    ...(issues.length > 0 ? issues : payload === null ? [] : [shown(payload)]),
    ...(stack === null ? [] : [stack]),
  ].join('\n')
}

/** Each complaint with the path in the schema. */
function issuesOf(payload: unknown): string[] {
  const list = Array.isArray(payload) ? payload : Object.values(payload ?? {}).find(Array.isArray)
  return ((list ?? []) as { path?: unknown; message?: unknown }[]).map(({ path, message }) => {
    const place = Array.isArray(path) ? path.join('.') : typeof path === 'string' ? path : ''
    return `  ${place === '' ? '(the whole value)' : place}: ${String(message)}`
  })
}

function renderWrite({ method, url, headers, body }: StoppedWrite): string {
  const told = Object.entries(headers).filter(([name]) => !/^(accept|user-agent)$/.test(name))
  return [
    'It would have sent (nothing was changed; --allow-writes sends it):',
    `  ${method} ${url}`,
    ...told.map(([name, value]) => `  ${name}: ${value}`),
    ...(body === null ? [] : [indented(body.encoding === 'utf8' ? pretty(body.text) : '(bytes)')]),
  ].join('\n')
}

function renderCalls({ calls }: Execution): string {
  if (calls.length === 0) return 'No call was made.'
  const rows = calls.map(({ method, url, status, durationMs, write }) => [
    method,
    url,
    status === null ? 'no answer' : String(status),
    `${Math.round(durationMs)} ms${write ? '  write' : ''}`,
  ])
  return `Calls\n${renderTable(['METHOD', 'URL', 'STATUS', 'TIME'], rows)}`
}

function renderRecords(records: Execution['records']): string {
  return Object.entries(records)
    .map(([model, changes]) => renderModel(model, changes))
    .join('\n')
}

function renderModel(model: string, { saved, updated, deleted }: RecordChanges): string {
  const counts = `${model}: ${saved.length} saved, ${updated.length} updated, ${deleted.length} deleted`
  const [sample] = [...saved, ...updated, ...deleted]
  return sample === undefined ? counts : `${counts}, such as\n${shown(sample)}`
}

function renderCheckpoint({ startCheckpoint, endCheckpoint }: Execution): string {
  if (startCheckpoint === null && endCheckpoint === null) return ''
  return `Checkpoint\n  before ${JSON.stringify(startCheckpoint)}\n  after  ${JSON.stringify(endCheckpoint)}`
}

function renderLogs({ logs }: Execution): string {
  if (logs.length === 0) return ''
  return ['Log', ...logs.map(({ level, message }) => `  ${level.padEnd(5)} ${message}`)].join('\n')
}

/** What became of a recording. */
function renderFixture({ path, replaced, kept, derived }: WrittenFixture): string {
  const counts = Object.entries(replaced).map(([kind, count]) => `${count} ${kind}`)
  return [
    `Recorded ${path}; its replay gives the same result.`,
    counts.length === 0
      ? 'No personal data was found in it.'
      : `Replaced by pseudonyms: ${counts.join(', ')}.`,
    ...(derived.length === 0 ? [] : [`Made of pseudonyms by the function: ${derived.join(', ')}.`]),
    ...(kept.length === 0 ? [] : [`Kept, because the function depends on it: ${kept.join(', ')}.`]),
  ].join('\n')
}

function shown(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? 'nothing'
  const cut = text.length > sampleLength ? `${text.slice(0, sampleLength)}\n...` : text
  return indented(cut)
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ')
}
