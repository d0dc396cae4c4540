import type { JsonObject } from '@plumb/protocol'
import type { InventedApi, InventedAnswer, OperationShape } from './invented-api.js'
import { inPath, inventApi, object, text, wordIn } from './invented-api.js'

const id: JsonObject = { type: 'integer' }
const book = object({ id, title: text, isbn: text, due_on: text }, ['id', 'title'])
const shelf = object({ id, label: text }, ['id', 'label'])
const isbn = { type: 'string', pattern: '^\\d{13}$' }
const due_on = { type: 'string', format: 'date' }
const newBook = object({ title: text, isbn, due_on }, ['title', 'isbn'])
const books = '/v1/shelves/{shelf_id}/books'
const onShelf = inPath('shelf_id', id)
const list = (name: string, items: JsonObject) => object({ [name]: { type: 'array', items } })

const operations: readonly OperationShape[] = [
  {
    id: 'listShelves',
    method: 'GET',
    path: '/v1/shelves',
    summary: 'List shelves',
    answer: list('shelves', shelf),
  },
  {
    id: 'createShelf',
    method: 'POST',
    path: '/v1/shelves',
    summary: 'Create a shelf',
    body: object({ label: text }, ['label']),
    answer: shelf,
  },
  {
    id: 'listBooks',
    method: 'GET',
    path: books,
    summary: 'List books',
    parameters: [onShelf],
    answer: list('books', book),
  },
  {
    id: 'createBook',
    method: 'POST',
    path: books,
    summary: 'Put a book on a shelf',
    parameters: [onShelf],
    body: newBook,
    answer: book,
  },
  {
    id: 'deleteBook',
    method: 'DELETE',
    path: `${books}/{book_id}`,
    summary: 'Remove a book',
    parameters: [onShelf, inPath('book_id', id)],
    answer: object({ id }),
  },
  {
    id: 'readAudit',
    method: 'GET',
    path: '/v1/audit',
    summary: 'Read the audit log',
    answer: object({ id: text }),
  },
]

export type Library = {
  readonly api: InventedApi
  readonly shelves: Map<number, JsonObject>
  readonly books: Map<number, JsonObject>
}

const gone: InventedAnswer = { status: 404, body: { message: 'Not found' } }
const wrong = (field: string, message: string): InventedAnswer => ({
  status: 422,
  body: { errors: [{ field, message }] },
})

/** Books on shelves: nested paths, numeric ids, errors with field names, one route without access. */
export function inventLibrary(seeded: boolean): Library {
  const kept = { shelves: new Map<number, JsonObject>(), books: new Map<number, JsonObject>() }
  let last = 40
  const add = (to: Map<number, JsonObject>, value: JsonObject): InventedAnswer => {
    last += 1
    to.set(last, { id: last, ...value })
    return { status: 201, body: to.get(last) ?? null }
  }
  if (seeded) {
    add(kept.shelves, { label: 'Sea stories' })
    add(kept.books, {
      title: 'The whale',
      isbn: '9780000000000',
      due_on: '2031-01-01',
      shelf: last,
    })
  }
  const api = inventApi(operations, {
    listShelves: () => ({ status: 200, body: { shelves: [...kept.shelves.values()] } }),
    createShelf: ({ body }) => add(kept.shelves, body),
    listBooks: (_, [at]) => {
      const found = [...kept.books.values()].filter((one) => one['shelf'] === Number(at))
      return kept.shelves.has(Number(at)) ? { status: 200, body: { books: found } } : gone
    },
    createBook: ({ body }, [at]) => {
      if (!kept.shelves.has(Number(at))) return gone
      if (!/^\d{13}$/.test(wordIn(body, 'isbn'))) return wrong('isbn', 'must have 13 digits')
      if (body['due_on'] === undefined) return wrong('due_on', 'is required')
      return add(kept.books, { ...body, shelf: Number(at) })
    },
    deleteBook: (_, [, one]) => {
      const body = kept.books.get(Number(one))
      kept.books.delete(Number(one))
      return body === undefined ? gone : { status: 200, body }
    },
    readAudit: () => 'no-access',
  })
  return { api, ...kept }
}
