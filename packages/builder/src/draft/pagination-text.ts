import type { Pagination } from '@plumb/protocol'
import { quote } from './names.js'

const order = [
  'type',
  'cursor_name_in_request',
  'cursor_path_in_response',
  'link_rel_in_response_header',
  'link_path_in_response_body',
  'offset_name_in_request',
  'offset_start_value',
  'offset_calculation_method',
  'response_path',
  'limit_name_in_request',
  'limit',
  'in_body',
]

/** The `paginate` member of a call. */
export function paginationText(pagination: Pagination, extra: readonly string[] = []): string {
  const members = new Map(Object.entries(pagination))
  const lines = order.flatMap((name) => {
    const value = members.get(name)
    if (value === undefined) return []
    return [`${name}: ${typeof value === 'string' ? quote(value) : String(value)},`]
  })
  return `paginate: {\n${[...lines, ...extra].join('\n')}\n},`
}
