import type { Divergence, Receipt } from '@plumb/protocol'
import { callText, shapeOf, wentWell } from './attempt-clues.js'
import type { AttemptClues } from './attempt-clues.js'

/** A wrong belief about pages: that the first is all there is, or that a parameter turns them. */
export function pagingAssumption(clues: AttemptClues): Divergence | null {
  const found = [ignoredPage(clues), onlyFirstPage(clues)].filter((one) => one !== null)
  return found.sort((a, b) => a.sequence - b.sequence)[0] ?? null
}

const pagingName =
  /^(page|offset|start|skip|after|before|cursor|from|starting_after)|page_?(token|number)|cursor$/i

/** The same rows again although another page was asked for. */
function ignoredPage(clues: AttemptClues): Divergence | null {
  const lists = clues.calls.filter((one) => one.request.method === 'GET' && wentWell(one))
  for (const [index, later] of lists.entries()) {
    const earlier = lists.slice(0, index).find((one) => samePage(one, later))
    const name = earlier && turned(earlier, later)
    const [sequence, step] = earlier ? [clues.stepOf(earlier), clues.stepOf(later)] : [null, null]
    if (!earlier || name === undefined || sequence === null || step === null) continue
    return {
      kind: 'paging-assumption',
      subject: `${shapeOf(later)}: ${name}`,
      sequence,
      premise: `${callText(later)} does not turn pages by "${name}": another value gives the same rows.`,
      consequences: [],
      receipts: [earlier.id, later.id],
      contradiction: { sequence: step, text: `the answer is the same, byte for byte` },
    }
  }
  return null
}

function samePage(one: Receipt, other: Receipt): boolean {
  const rows = one.response?.body.text ?? ''
  const place = ({ request }: Receipt) => request.url.split('?')[0]
  // Two empty pages are beyond the end; they say nothing.
  return place(one) === place(other) && rows === other.response?.body.text && /\[\s*\{/.test(rows)
}

/** The one parameter that differs, when it is one for paging. */
function turned(one: Receipt, other: Receipt): string | undefined {
  const [a, b] = [one, other].map(({ request }) => new URL(request.url).searchParams)
  const names = [...new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])]
  const different = names.filter((name) => a?.get(name) !== b?.get(name))
  return different.length === 1 && pagingName.test(different[0] ?? '') ? different[0] : undefined
}

/** A dry run took one page of a list that had more, and a later one, or the verdict, shows the others. */
function onlyFirstPage(clues: AttemptClues): Divergence | null {
  const runs = new Set(clues.calls.flatMap(({ executionId }) => executionId ?? []))
  for (const executionId of runs) {
    const calls = clues.calls.filter((one) => one.executionId === executionId)
    const [list] = calls
    const sequence = list && clues.stepOf(list)
    if (!list || !sequence || !isFirstOfMore(list, calls)) continue
    const contradiction = walked(clues, list, executionId) ?? judged(clues, sequence)
    if (contradiction === null) continue
    return {
      kind: 'paging-assumption',
      subject: `${shapeOf(list)}: one page`,
      sequence,
      premise: `The first page of ${callText(list)} is not all: its answer names more.`,
      consequences: [],
      receipts: [list.id],
      contradiction,
    }
  }
  return null
}

function isFirstOfMore(list: Receipt, calls: readonly Receipt[]): boolean {
  const same = calls.filter((one) => shapeOf(one) === shapeOf(list))
  return list.request.method === 'GET' && same.length === 1 && wentWell(list) && namesMore(list)
}

const more =
  /"(?:has_?more|hasNextPage)"\s*:\s*true|"next\w*"\s*:\s*("[^"]+"|\d|\{)|"\w*(?:nextPageToken|next_cursor)"\s*:\s*"[^"]+"/i

function namesMore({ response }: Receipt): boolean {
  if (/rel="?next/.test(response?.headers['link'] ?? '')) return true
  const text = response?.body.text ?? ''
  if (more.test(text)) return true
  const pages = Number(/"total_pages"\s*:\s*(\d+)/.exec(text)?.[1] ?? 1)
  return pages > 1
}

function walked(clues: AttemptClues, list: Receipt, executionId: string) {
  const later = clues.calls.filter(
    (one) =>
      one.sequence > list.sequence &&
      one.executionId !== null &&
      one.executionId !== executionId &&
      shapeOf(one) === shapeOf(list),
  )
  const second = later.find((one, index) =>
    later.slice(0, index).some(({ executionId: run }) => run === one.executionId),
  )
  const step = second && clues.stepOf(second)
  return step ? { sequence: step, text: 'a later dry run walks further pages' } : null
}

function judged({ findings, steps }: AttemptClues, sequence: number) {
  const finding = findings.find(({ behaviour }) => behaviour === 'E4')
  return finding
    ? { sequence: steps.at(-1)?.sequence ?? sequence, text: `the verdict says: ${finding.message}` }
    : null
}
