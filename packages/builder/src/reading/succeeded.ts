import type { Provider, Receipt } from '@plumb/protocol'

/** True for a call with an answer that the provider means as success, or with a status that the brief expects. */
export function succeeded(
  receipt: Receipt,
  provider: Provider,
  expectedStatuses: readonly number[] = [],
): boolean {
  const { response } = receipt
  if (!response) return false
  if (expectedStatuses.includes(response.status)) return true
  if (response.status < 200 || response.status > 299) return false
  const { successPath } = provider.proxy
  return successPath === undefined || Boolean(valueAt(response.body.text, successPath))
}

function valueAt(text: string, path: string): unknown {
  try {
    let value: unknown = JSON.parse(text)
    for (const name of path.split('.')) {
      if (typeof value !== 'object' || value === null) return undefined
      value = Object.entries(value).find(([key]) => key === name)?.[1]
    }
    return value
  } catch {
    return undefined
  }
}
