import type { Finding, Receipt } from '@plumb/protocol'
import { decoded } from '../reading/decoded.js'
import { leafTexts } from '../reading/leaf-texts.js'
import type { Check, CheckInput, ForeignResource } from './verification-input.js'

/** Ids that are shorter are in bodies by chance. */
const minLength = 6

/** Did the attempt leave alone what other attempts made in the same account? */
export const foreignResources: Check = {
  name: 'foreign-resources',
  run: (input) => {
    const { foreignResources: foreign = [], evidence } = input
    if (foreign.length === 0) return []
    return evidence.receipts.flatMap((receipt, index) => {
      if (!wrote(receipt)) return []
      const hit = foreign.find((one) => concerns(receipt, one))
      if (hit === undefined || made(hit, evidence.receipts.slice(0, index))) return []
      return [finding(receipt, hit, told(input, hit, index))]
    })
  },
}

function wrote({ write, purpose, response }: Receipt): boolean {
  const done = response !== null && response.status < 300
  return write && done && /^(explore|dryrun)$/.test(purpose)
}

function concerns({ request }: Receipt, { url, resourceId }: ForeignResource): boolean {
  const path = pathOf(request.url)
  const there = pathOf(url)
  if (path === there || path.startsWith(`${there}/`)) return true
  if (resourceId === null || resourceId.length < minLength) return false
  return leafTexts(request.body?.text ?? '').includes(resourceId)
}

/** The attempt itself was answered with it when it created something: ids are given out again. */
function made({ resourceId, url }: ForeignResource, before: readonly Receipt[]): boolean {
  return before.some(
    (receipt) =>
      wrote(receipt) &&
      receipt.request.method !== 'DELETE' &&
      (leafTexts(receipt.response?.body.text ?? '').includes(resourceId ?? url) ||
        pathOf(receipt.request.url) === pathOf(url)),
  )
}

/** The account or the brief told of it; then taking it is careless, and no theft. */
function told(
  { evidence, interaction }: CheckInput,
  { resourceId, url }: ForeignResource,
  index: number,
): boolean {
  const id = resourceId ?? pathOf(url).split('/').at(-1) ?? ''
  if (JSON.stringify(interaction).includes(id)) return true
  return evidence.receipts
    .slice(0, index)
    .some(
      ({ request, response }) =>
        request.method === 'GET' && leafTexts(response?.body.text ?? '').includes(id),
    )
}

function pathOf(url: string): string {
  if (!URL.canParse(url)) return url
  const steps = new URL(url).pathname.split('/').filter(Boolean)
  return `/${steps.map((step) => plainStep(step)).join('/')}`
}

/** `%32%34` and `024` are the 24 that an account reads. */
function plainStep(step: string): string {
  const text = decoded(step)
  return /^\d{1,15}(\.0+)?$/.test(text) ? String(Number(text)) : text
}

function finding(
  { id, request }: Receipt,
  { resourceId, attemptId }: ForeignResource,
  known: boolean,
): Finding {
  const what = resourceId === null ? 'something' : JSON.stringify(resourceId)
  return {
    check: foreignResources.name,
    behaviour: 'F2',
    severity: known ? 'warn' : 'reject',
    message: `${request.method} ${pathOf(request.url)} changed ${what}, which ${attemptId ?? 'another run'} made.`,
    remedy: 'Create what is needed under the namespace of the attempt, and use only that.',
    pointer: { kind: 'receipt', receiptId: id },
  }
}
